package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket is an S3 bucket that is known to be there.
type bucket struct {
	*minio.Client
	name, folder string
}

// connect makes a client for the bucket of the flags, and asks whether the bucket is there.
func connect(o options) (bucket, error) {
	b := bucket{name: o.s3Bucket, folder: o.s3Folder}
	// As the original: everything but the secret key is logged.
	log("info", "invoking set s3 service client", "s3-accessKey", o.s3AccessKey, "s3-bucketName", o.s3Bucket,
		"s3-endpoint", o.s3Endpoint, "s3-endpoint-ca", o.s3EndpointCA, "s3-folder", o.s3Folder, "s3-region", o.s3Region)
	transport, err := transportFor(o.s3EndpointCA)
	if err != nil {
		return b, err
	}
	settings := minio.Options{Secure: true, Region: o.s3Region, Transport: transport}
	if strings.Contains(o.s3Endpoint, "aliyun") {
		settings.BucketLookup = minio.BucketLookupDNS
	}
	endpoint := o.s3Endpoint
	if o.s3AccessKey == "" && o.s3SecretKey == "" {
		settings.Creds = credentials.NewIAM("")
		if endpoint == "" {
			endpoint = "s3.amazonaws.com"
		}
	} else {
		settings.Creds = credentials.NewStatic(decoded(o.s3AccessKey), decoded(o.s3SecretKey), "", credentials.SignatureV4)
	}
	if b.Client, err = minio.New(endpoint, &settings); err != nil {
		return b, fmt.Errorf("failed to set s3 server: %w", err)
	}
	there, err := b.BucketExists(context.Background(), b.name)
	if err != nil {
		return b, fmt.Errorf("failed to check s3 bucket %s: %w", b.name, err)
	}
	if !there {
		return b, fmt.Errorf("bucket %s does not exist", b.name)
	}
	return b, nil
}

// decoded is the text that a base64 value stands for; any other value stands for itself.
func decoded(value string) string {
	if plain, err := base64.StdEncoding.DecodeString(value); err == nil {
		return string(plain)
	}
	return value
}

// transportFor trusts the CA, given as base64 of PEM text or as a file, and nobody else; without one, the system's.
func transportFor(ca string) (http.RoundTripper, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if ca == "" {
		return transport, nil
	}
	pem, err := base64.StdEncoding.DecodeString(ca)
	if err != nil {
		if pem, err = os.ReadFile(ca); err != nil {
			return nil, fmt.Errorf("s3-endpoint-ca is neither base64 nor a file: %w", err)
		}
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("s3-endpoint-ca holds no certificate")
	}
	transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return transport, nil
}

// key is what an object is called whose file has this name.
func (b bucket) key(file string) string {
	if b.folder == "" {
		return file
	}
	return b.folder + "/" + file
}

// under lists objects whose keys begin with a prefix; below folders, too, if recursive.
func (b bucket) under(prefix string, recursive bool) <-chan minio.ObjectInfo {
	return b.ListObjects(context.Background(), b.name, minio.ListObjectsOptions{Prefix: prefix, Recursive: recursive})
}

func (b bucket) discard(key string) error {
	err := b.RemoveObject(context.Background(), b.name, key, minio.RemoveObjectOptions{})
	if err == nil {
		log("info", "Deleted s3 backup", "name", path.Base(key))
	}
	return err
}
