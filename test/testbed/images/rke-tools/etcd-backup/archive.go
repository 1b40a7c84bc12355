package main

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"time"
)

// pack writes a zip whose members are called by their absolute paths. Their time is always the epoch, so equal
// content makes equal archives.
func pack(target string, files []string) error {
	out, err := os.Create(target)
	if err != nil {
		return err
	}
	defer out.Close()
	writer := zip.NewWriter(out)
	for _, file := range files {
		if err := add(writer, file); err != nil {
			return err
		}
	}
	if err := writer.Close(); err != nil {
		return err
	}
	return out.Sync()
}

func add(writer *zip.Writer, file string) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	header := &zip.FileHeader{Name: file, Method: zip.Deflate, Modified: time.Unix(0, 0).UTC()}
	header.SetMode(info.Mode())
	member, err := writer.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = io.Copy(member, in)
	return err
}

// unpack takes the member with exactly this name out of an archive, into a file that only its owner may read.
func unpack(archive, member, target string) error {
	reader, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer reader.Close()
	for _, file := range reader.File {
		if file.Name != member {
			continue
		}
		in, err := file.Open()
		if err != nil {
			return err
		}
		defer in.Close()
		return write(target, in)
	}
	return fmt.Errorf("%s has no member %s", archive, member)
}

func write(target string, in io.Reader) error {
	out, err := os.OpenFile(target, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Chmod(0o600)
}
