package main

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
)

// upload puts an archive into the bucket. One of that name that is there stays, unless the bucket keeps versions.
func upload(o options, file string) error {
	b, err := connect(o)
	if err != nil {
		return err
	}
	key := b.key(filepath.Base(file))
	there, err := b.StatObject(context.Background(), b.name, key, minio.StatObjectOptions{})
	if err == nil && there.Size != 0 {
		versions, err := b.GetBucketVersioning(context.Background(), b.name)
		if err != nil || !versions.Enabled() {
			log("info", "Skipping upload of existing s3 backup", "name", key)
			return nil
		}
	}
	for attempt := uint(0); attempt <= o.s3Retries; attempt++ {
		_, err = b.FPutObject(context.Background(), b.name, key, filepath.Join(backupDir, file),
			minio.PutObjectOptions{ContentType: "application/zip"})
		if err == nil {
			log("info", "Successfully uploaded etcd snapshot file", "name", key)
			return nil
		}
		log("info", "failed to upload etcd snapshot file", "attempt", fmt.Sprint(attempt+1), "error", err.Error())
	}
	return fmt.Errorf("failed to upload etcd snapshot file: %w", err)
}

// downloadS3 fetches a snapshot's object into the backup folder, and unpacks it if it is an archive. What a broken
// transfer left stays.
func downloadS3(o options, name string) error {
	b, err := connect(o)
	if err != nil {
		return err
	}
	key, err := b.find(b.key(name))
	if err != nil {
		return err
	}
	object, err := b.GetObject(context.Background(), b.name, key, minio.GetObjectOptions{})
	if err != nil {
		return err
	}
	defer object.Close()
	target := filepath.Join(backupDir, path.Base(key))
	if err := write(target, object); err != nil {
		return fmt.Errorf("failed to download s3 backup: %w", err)
	}
	log("info", "Successfully downloaded s3 backup", "name", key)
	if !strings.HasSuffix(target, ".zip") {
		return nil
	}
	member := filepath.Join(backupDir, name)
	return unpack(target, member, member)
}

// find is the key of the first object whose key, without its last extension, is the wanted one. Some clones of S3
// list keys URL-encoded.
func (b bucket) find(wanted string) (string, error) {
	for object := range b.under(wanted, false) {
		if object.Err != nil {
			return "", fmt.Errorf("failed to list s3 backups: %w", object.Err)
		}
		if withoutExtension(object.Key) == wanted {
			return object.Key, nil
		}
		plain, err := url.QueryUnescape(object.Key)
		if err == nil && withoutExtension(plain) == wanted {
			return plain, nil
		}
	}
	return "", fmt.Errorf("no s3 backup %s in bucket %s", wanted, b.name)
}

func withoutExtension(key string) string {
	return strings.TrimSuffix(key, path.Ext(key))
}

// removeS3 deletes every object whose key begins with the snapshot's.
func removeS3(o options, name string) error {
	b, err := connect(o)
	if err != nil {
		return err
	}
	for object := range b.under(b.key(name), false) {
		if object.Err != nil {
			return object.Err
		}
		if err := b.discard(object.Key); err != nil {
			return err
		}
	}
	return nil
}

// keepRecentS3 deletes recurring snapshots of the bucket's folder that are older.
func keepRecentS3(o options, oldest time.Time) {
	b, err := connect(o)
	if err != nil {
		log("error", "cannot delete old s3 backups", "error", err.Error())
		return
	}
	for object := range b.under(b.folder, b.folder != "") {
		if object.Err != nil {
			log("error", "failed to list s3 backups", "error", object.Err.Error())
			return
		}
		if !recurring.MatchString(object.Key) {
			continue
		}
		name := strings.TrimPrefix(object.Key, b.folder+"/")
		taken, err := takenAt(name)
		if err != nil {
			log("warning", "not a recurring snapshot, kept", "name", object.Key)
		} else if taken.Before(oldest) {
			if err := b.discard(object.Key); err != nil {
				log("error", "failed to delete s3 backup", "name", object.Key, "error", err.Error())
			}
		}
	}
}
