package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

const (
	stateDir   = "/etc/kubernetes"
	retryPause = 15 * time.Second
)

// save takes one snapshot (--once), or one each interval until it is killed.
func save(o options) error {
	if o.creation == 0 || o.retention == 0 {
		return errors.New("creation and retention must not be zero")
	}
	if o.cert == "" || o.cacert == "" || o.key == "" {
		return errors.New("cert, cacert and key must be given")
	}
	if !o.once {
		return roll(o)
	}
	if err := back(o, o.name); err != nil {
		return err
	}
	if o.s3 {
		if err := upload(o, o.name+".zip"); err != nil {
			return err
		}
	}
	keepNamed(o, time.Now())
	return nil
}

// back makes the archive of one snapshot, and of the state file that lies beside it.
func back(o options, name string) error {
	var err error
	for attempt := uint(0); attempt <= o.backupRetries; attempt++ {
		if attempt > 0 {
			time.Sleep(retryPause)
		}
		if err = backOnce(o, name); err == nil {
			log("info", "Created local backup", "name", name)
			return nil
		}
		log("warning", "failed to take etcd snapshot", "attempt", fmt.Sprint(attempt+1), "error", err.Error())
	}
	return err
}

func backOnce(o options, name string) error {
	health, _ := etcdctl(o, "endpoint", "health")
	if strings.Contains(health, "unhealthy") {
		return fmt.Errorf("etcd is not healthy: %s", health)
	}
	snapshot := filepath.Join(backupDir, name)
	if said, err := etcdctl(o, "snapshot", "save", snapshot); err != nil {
		return fmt.Errorf("%v: %s", err, said)
	}
	members := []string{snapshot}
	state := filepath.Join(stateDir, name+".rkestate")
	if _, err := os.Stat(state); err == nil {
		members = append(members, state)
	}
	archive := snapshot + ".zip"
	if err := pack(archive, members); err != nil {
		return err
	}
	if err := os.Remove(snapshot); err != nil {
		return err
	}
	if len(members) > 1 {
		if err := os.Remove(state); err != nil {
			log("warning", "failed to remove the state file", "error", err.Error())
		}
	}
	return os.Chmod(archive, 0o600)
}

func etcdctl(o options, args ...string) (string, error) {
	all := append([]string{
		"--endpoints=" + o.endpoints, "--cacert=" + o.cacert, "--cert=" + o.cert, "--key=" + o.key,
	}, args...)
	said, err := exec.Command("etcdctl", all...).CombinedOutput()
	return string(said), err
}

var (
	namedPrefix   = regexp.MustCompile(`^c-[a-z0-9].*?-`)
	namedRotating = regexp.MustCompile(`^c-[a-z0-9].*?-r.-`)
)

// keepNamed drops old one-time snapshots of the same series, where names are of the shape c-…-rX-….
func keepNamed(o options, now time.Time) {
	prefix := namedPrefix.FindString(o.name)
	if prefix == "" {
		return
	}
	entries, err := os.ReadDir(backupDir)
	if err != nil {
		log("warning", "cannot list backups", "error", err.Error())
		return
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !strings.HasPrefix(entry.Name(), prefix) || !namedRotating.MatchString(entry.Name()) {
			continue
		}
		if info.ModTime().Before(now.Add(-o.retention)) {
			discard(entry.Name())
		}
	}
}

// discard removes a file of the backup folder; one that is not there is no error.
func discard(name string) error {
	err := os.Remove(filepath.Join(backupDir, filepath.Base(name)))
	if err == nil {
		log("info", "Deleted local backup", "name", name)
	} else if os.IsNotExist(err) {
		return nil
	}
	return err
}
