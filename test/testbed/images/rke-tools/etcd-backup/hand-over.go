package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
)

// fileName is the last part of --name, which must not be empty.
func fileName(o options) (string, error) {
	name := filepath.Base(o.name)
	if o.name == "" || name == "." || name == "/" {
		return "", errors.New("name must be given")
	}
	return name, nil
}

// remove deletes a snapshot here and on S3. With --cleanup it deletes the unpacked copy here where the archive is
// beside it, and nothing else; where the archive is not, it goes on to S3, as the original does.
func remove(o options) error {
	if o.name == "" {
		return errors.New("name must be given")
	}
	archive := o.name + ".zip"
	if o.cleanup {
		if _, err := os.Stat(filepath.Join(backupDir, archive)); err == nil {
			return discard(o.name)
		}
	} else if err := errors.Join(discard(archive), discard(o.name)); err != nil {
		return err
	}
	if o.s3 {
		return removeS3(o, o.name)
	}
	return nil
}

// download fetches a snapshot from S3, or from another node that runs `serve`.
func download(o options) error {
	name, err := fileName(o)
	if err != nil {
		return err
	}
	if o.s3 {
		return downloadS3(o, name)
	}
	if o.localEndpoint == "" || o.cacert == "" || o.cert == "" || o.key == "" {
		return errors.New("local-endpoint, cacert, cert and key must be given")
	}
	pair, err := tls.LoadX509KeyPair(o.cert, o.key)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{
		Certificates: []tls.Certificate{pair},
		// As the original: the server is not verified.
		InsecureSkipVerify: true,
	}}}
	from := url.URL{Scheme: "https", Host: o.localEndpoint + ":2379", Path: "/" + name}
	response, err := client.Get(from.String())
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", from.String(), response.Status)
	}
	return write(filepath.Join(backupDir, name), response.Body)
}

// extractStateFile takes the cluster state out of a snapshot's archive.
func extractStateFile(o options) error {
	name, err := fileName(o)
	if err != nil {
		return err
	}
	if o.s3 {
		if err := downloadS3(o, name); err != nil {
			return err
		}
	}
	archive := filepath.Join(backupDir, name+".zip")
	return unpack(archive, filepath.Join(stateDir, name+".rkestate"), "/tmp/cluster.rkestate")
}

// serve unpacks a snapshot and hands it to holders of a client certificate until it is killed.
func serve(o options) error {
	name, err := fileName(o)
	if err != nil {
		return err
	}
	file := filepath.Join(backupDir, name)
	if _, err := os.Stat(file + ".zip"); err == nil {
		if err := unpack(file+".zip", file, file); err != nil {
			return err
		}
	}
	if _, err := os.Stat(file); err != nil {
		return err
	}
	if o.cacert == "" || o.cert == "" || o.key == "" {
		return errors.New("cacert, cert and key must be given")
	}
	ca, err := os.ReadFile(o.cacert)
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	routes := http.NewServeMux()
	routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/"+name {
			http.NotFound(w, r)
			return
		}
		http.ServeFile(w, r, file)
	})
	server := http.Server{
		Addr:    "0.0.0.0:2379",
		Handler: routes,
		TLSConfig: &tls.Config{
			ClientCAs:  pool,
			ClientAuth: tls.RequireAndVerifyClientCert,
			MinVersion: tls.VersionTLS12,
		},
	}
	return server.ListenAndServeTLS(o.cert, o.key)
}
