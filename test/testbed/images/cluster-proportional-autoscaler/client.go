package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

const account = "/var/run/secrets/kubernetes.io/serviceaccount/"

// client speaks to the API server as the pod's service account.
type client struct {
	http http.Client
	base string
}

type status struct {
	code int
	text string
}

func (s status) Error() string { return fmt.Sprintf("the API server answered %d: %s", s.code, s.text) }

func isNotFound(err error) bool {
	var s status
	return errors.As(err, &s) && s.code == http.StatusNotFound
}

func inCluster() (*client, error) {
	host, port := os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT")
	ca, err := os.ReadFile(account + "ca.crt")
	if err != nil || host == "" {
		return nil, errors.New("this must run in a pod with a service account")
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	return &client{http.Client{Transport: transport, Timeout: 10 * time.Second}, "https://" + net.JoinHostPort(host, port)}, nil
}

func (c *client) do(method, path string, body, result any) error {
	payload, err := json.Marshal(body)
	if err != nil {
		return err
	}
	if body == nil {
		payload = nil
	}
	request, err := http.NewRequest(method, c.base+path, bytes.NewReader(payload))
	if err != nil {
		return err
	}
	// Read each time: the kubelet renews it.
	token, err := os.ReadFile(account + "token")
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	request.Header.Set("Content-Type", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(response.Body); err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return status{response.StatusCode, text.String()}
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(text.Bytes(), result)
}

// countNodes counts the schedulable nodes with the labels, and their cores.
func (c *client) countNodes(labels string) (nodes, cores int, err error) {
	var list struct {
		Items []struct {
			Spec   struct{ Unschedulable bool }
			Status struct{ Allocatable struct{ CPU string } }
		}
	}
	if err := c.do("GET", "/api/v1/nodes?labelSelector="+url.QueryEscape(labels), nil, &list); err != nil {
		return 0, 0, err
	}
	millis := 0
	for _, node := range list.Items {
		if node.Spec.Unschedulable {
			continue
		}
		nodes++
		if thousandths, found := strings.CutSuffix(node.Status.Allocatable.CPU, "m"); found {
			n, _ := strconv.Atoi(thousandths)
			millis += n
		} else {
			n, _ := strconv.Atoi(node.Status.Allocatable.CPU)
			millis += n * 1000
		}
	}
	return nodes, (millis + 999) / 1000, nil
}

// scale sets the number of replicas where it differs.
func (c *client) scale(namespace, deployment string, want int) error {
	path := "/apis/apps/v1/namespaces/" + namespace + "/deployments/" + deployment + "/scale"
	var object map[string]any
	if err := c.do("GET", path, nil, &object); err != nil {
		return err
	}
	spec, _ := object["spec"].(map[string]any)
	// The API server leaves a zero out.
	have, _ := spec["replicas"].(float64)
	if int(have) == want {
		return nil
	}
	fmt.Fprintf(os.Stderr, "%s: from %d to %d replicas\n", deployment, int(have), want)
	object["spec"] = map[string]any{"replicas": want}
	return c.do("PUT", path, object, nil)
}
