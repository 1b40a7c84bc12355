// A netcat with just what the helper containers call: `nc -kl -p PORT -e PROGRAM` answers every connection by
// running PROGRAM on it; `nc -w SECONDS -z HOST PORT` tells by its exit status whether a port is open.
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"
)

func main() {
	listen := flag.Bool("l", false, "listen")
	again := flag.Bool("k", false, "keep listening after a connection")
	port := flag.String("p", "", "port to listen on")
	program := flag.String("e", "", "program to run on a connection")
	wait := flag.Int("w", 0, "seconds to wait for a connection")
	probe := flag.Bool("z", false, "connect, and send nothing")
	os.Args = separate(os.Args)
	flag.Parse()
	var err error
	switch {
	case *listen && *port != "" && *program != "":
		err = serve(*port, *program, *again)
	case *probe && flag.NArg() == 2:
		err = reach(flag.Arg(0), flag.Arg(1), time.Duration(*wait)*time.Second)
	default:
		err = fmt.Errorf("usage: nc -l [-k] -p PORT -e PROGRAM | nc -z [-w SECONDS] HOST PORT")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "nc:", err)
		os.Exit(1)
	}
}

// separate turns -kl into -k -l.
func separate(args []string) []string {
	out := []string{}
	for _, arg := range args {
		if len(arg) > 2 && arg[0] == '-' && strings.Trim(arg[1:], "klz") == "" {
			for _, letter := range arg[1:] {
				out = append(out, "-"+string(letter))
			}
			continue
		}
		out = append(out, arg)
	}
	return out
}

func serve(port, program string, again bool) error {
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return err
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		if !again {
			return answer(conn, program)
		}
		go answer(conn, program)
	}
}

func answer(conn net.Conn, program string) error {
	defer conn.Close()
	command := exec.Command(program)
	command.Stdout, command.Stderr = conn, conn
	return command.Run()
}

func reach(host, port string, wait time.Duration) error {
	conn, err := net.DialTimeout("tcp", net.JoinHostPort(host, port), wait)
	if err == nil {
		conn.Close()
	}
	return err
}
