package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"time"
)

type options struct {
	creation, retention             time.Duration
	once, debug, cleanup, s3        bool
	backupRetries, s3Retries        uint
	endpoints, name, localEndpoint  string
	cacert, cert, key               string
	s3Endpoint, s3AccessKey         string
	s3SecretKey, s3Bucket, s3Region string
	s3EndpointCA, s3Folder          string
}

// parse reads a sub-command's flags: the command line first, then the environment, then the default. Usage goes
// to standard output, as the original's does.
func parse(command string, args []string) (options, error) {
	var o options
	set := flag.NewFlagSet("rke-etcd-backup etcd-backup "+command, flag.ContinueOnError)
	set.SetOutput(os.Stdout)
	var bad error
	text := func(to *string, name, env, otherwise string) {
		if value, there := os.LookupEnv(env); env != "" && there {
			otherwise = value
		}
		set.StringVar(to, name, otherwise, "")
	}
	truth := func(to *bool, name, env string) {
		otherwise := false
		if value := os.Getenv(env); env != "" && value != "" {
			parsed, err := strconv.ParseBool(value)
			if err != nil {
				bad = fmt.Errorf("%s=%q is neither true nor false", env, value)
			}
			otherwise = parsed
		}
		set.BoolVar(to, name, otherwise, "")
	}

	text(&o.name, "name", "", "")
	if command == "save" || command == "extractstatefile" {
		set.DurationVar(&o.creation, "creation", 5*time.Minute, "")
		set.DurationVar(&o.retention, "retention", 24*time.Hour, "")
		truth(&o.once, "once", "")
	}
	if command == "save" {
		set.UintVar(&o.backupRetries, "backup-retries", 0, "")
		set.UintVar(&o.s3Retries, "s3-retries", 0, "")
	}
	if command != "delete" && command != "serve" {
		text(&o.endpoints, "endpoints", "", "127.0.0.1:2379")
		truth(&o.debug, "debug", "RANCHER_DEBUG")
		text(&o.localEndpoint, "local-endpoint", "LOCAL_ENDPOINT", "")
	}
	if command != "delete" {
		text(&o.cacert, "cacert", "ETCD_CACERT", "")
		text(&o.cert, "cert", "ETCD_CERT", "")
		text(&o.key, "key", "ETCD_KEY", "")
	}
	if command == "delete" {
		truth(&o.cleanup, "cleanup", "")
		truth(&o.s3, "s3-backup", "")
	} else if command != "serve" {
		truth(&o.s3, "s3-backup", "S3_BACKUP")
	}
	if command != "serve" {
		text(&o.s3Endpoint, "s3-endpoint", "S3_ENDPOINT", "")
		text(&o.s3AccessKey, "s3-accessKey", "S3_ACCESS_KEY", "")
		text(&o.s3SecretKey, "s3-secretKey", "S3_SECRET_KEY", "")
		text(&o.s3Bucket, "s3-bucketName", "S3_BUCKET_NAME", "")
		text(&o.s3Region, "s3-region", "S3_BUCKET_REGION", "")
		text(&o.s3EndpointCA, "s3-endpoint-ca", "S3_ENDPOINT_CA", "")
		text(&o.s3Folder, "s3-folder", "S3_FOLDER", "")
	}
	if err := set.Parse(args); err != nil {
		return o, err
	}
	if bad != nil {
		fmt.Println(bad)
	}
	return o, bad
}
