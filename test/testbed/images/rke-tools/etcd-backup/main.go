// rke-etcd-backup: takes, keeps, hands over and deletes etcd snapshots on a node. It is started by containers
// of the cluster manager with `etcd-backup save|delete|download|extractstatefile|serve` and flags.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

const backupDir = "/backup"

var commands = map[string]func(options) error{
	"save":             save,
	"delete":           remove,
	"download":         download,
	"extractstatefile": extractStateFile,
	"serve":            serve,
}

func main() {
	os.Setenv("ETCDCTL_API", "3")
	if len(os.Args) < 3 || os.Args[1] != "etcd-backup" || commands[os.Args[2]] == nil {
		fmt.Println("usage: rke-etcd-backup etcd-backup save|delete|download|extractstatefile|serve [flags]")
		os.Exit(1)
	}
	o, err := parse(os.Args[2], os.Args[3:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		os.Exit(1)
	}
	if err := commands[os.Args[2]](o); err != nil {
		log("fatal", err.Error())
		os.Exit(1)
	}
}

// log writes one event to standard error: time, level, text, then pairs of key and value.
func log(level, text string, pairs ...string) {
	line := fmt.Sprintf("time=%q level=%s msg=%q", time.Now().Format(time.RFC3339), level, text)
	for i := 0; i+1 < len(pairs); i += 2 {
		value := pairs[i+1]
		if strings.ContainsAny(value, " \"=\n") {
			value = fmt.Sprintf("%q", value)
		}
		line += " " + pairs[i] + "=" + value
	}
	fmt.Fprintln(os.Stderr, line)
}
