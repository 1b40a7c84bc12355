package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// roll takes a snapshot each interval, the first after one interval. Nothing but a kill ends it.
func roll(o options) error {
	for tick := range time.NewTicker(o.creation).C {
		name := tick.Format(time.RFC3339) + "_etcd"
		if err := fetchState(name); err != nil {
			log("warning", "the snapshot will have no cluster state", "error", err.Error())
		}
		if err := back(o, name); err != nil {
			log("error", "failed to create backup", "name", name, "error", err.Error())
			continue
		}
		keepRecent(tick.Add(-o.retention))
		if !o.s3 {
			continue
		}
		if err := upload(o, name+".zip"); err != nil {
			log("error", err.Error(), "name", name)
			continue
		}
		keepRecentS3(o, tick.Add(-o.retention))
	}
	return nil
}

// stateObject is the kind of object that the cluster's state is read from; set when it is built, by the image's tag.
var stateObject = "configmap"

// recurring matches keys and names of recurring snapshots.
var recurring = regexp.MustCompile(`.+_etcd(|.zip)$`)

// takenAt reads when a recurring snapshot was taken from its file name.
func takenAt(name string) (time.Time, error) {
	stamp, _, _ := strings.Cut(name, "_")
	return time.Parse(time.RFC3339, stamp)
}

func keepRecent(oldest time.Time) {
	entries, err := os.ReadDir(backupDir)
	if err != nil {
		log("warning", "cannot list backups", "error", err.Error())
		return
	}
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		taken, err := takenAt(entry.Name())
		if err != nil {
			log("warning", "not a recurring snapshot, kept", "name", entry.Name())
		} else if taken.Before(oldest) {
			discard(entry.Name())
		}
	}
}

// fetchState writes the cluster's own full state next to where the snapshot's archive looks for it.
func fetchState(name string) error {
	var err error
	for attempt := 0; attempt < 5; attempt++ {
		if attempt > 0 {
			time.Sleep(retryPause)
		}
		var state []byte
		if state, err = clusterState(stateObject); err != nil {
			continue
		}
		var pretty bytes.Buffer
		if err = json.Indent(&pretty, state, "", "  "); err == nil {
			return os.WriteFile(filepath.Join(stateDir, name+".rkestate"), pretty.Bytes(), 0o666)
		}
	}
	return err
}

func clusterState(kind string) ([]byte, error) {
	out, err := exec.Command("/usr/local/bin/kubectl", "--request-timeout=30s",
		"--kubeconfig", "/etc/kubernetes/ssl/kubecfg-kube-node.yaml",
		"-n", "kube-system", "get", kind, "full-cluster-state", "-o", "json").Output()
	if err != nil {
		return nil, err
	}
	var object struct{ Data map[string]string }
	if err := json.Unmarshal(out, &object); err != nil {
		return nil, err
	}
	text, there := object.Data["full-cluster-state"]
	if !there {
		return nil, errors.New(kind + " full-cluster-state holds no state")
	}
	if kind == "secret" {
		return base64.StdEncoding.DecodeString(text)
	}
	return []byte(text), nil
}
