// Something to put in test pods. `serve [PORT]` answers HTTP with the pod's host name at /, the caller's address
// at /client, the request body at /echo, and status 200 at /healthz. `get URL`, `dns NAME` and `dial HOST:PORT`
// try once, print what they got and exit 0, or exit 1. `pause` waits.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const patience = 5 * time.Second

func main() {
	args := append(os.Args[1:], "", "")
	var err error
	switch args[0] {
	case "serve":
		go stopOnSignal()
		err = serve(args[1])
	case "get":
		err = get(args[1])
	case "dns":
		err = lookUp(args[1])
	case "dial":
		var conn net.Conn
		if conn, err = net.DialTimeout("tcp", args[1], patience); err == nil {
			conn.Close()
		}
	case "pause":
		stopOnSignal()
	default:
		err = fmt.Errorf("usage: serve [PORT] | get URL | dns NAME | dial HOST:PORT | pause")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func stopOnSignal() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	<-stop
	os.Exit(0)
}

func serve(port string) error {
	if port == "" {
		port = "8080"
	}
	name, err := os.Hostname()
	if err != nil {
		return err
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, name) })
	http.HandleFunc("/client", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, r.RemoteAddr) })
	http.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) {})
	return http.ListenAndServe(":"+port, nil)
}

func get(url string) error {
	client := http.Client{Timeout: patience}
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(os.Stdout, response.Body); err != nil {
		return err
	}
	if response.StatusCode >= 400 {
		return fmt.Errorf("%s answered %s", url, response.Status)
	}
	return nil
}

func lookUp(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupHost(ctx, name)
	if err != nil {
		return err
	}
	fmt.Println(strings.Join(addresses, "\n"))
	return nil
}
