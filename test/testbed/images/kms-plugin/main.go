// A KMS v2 plugin for tests: it encrypts with a key that follows from the name it is given, so that plugins of one name on several
// machines are one key management service.
//
//	kms-plugin SOCKET NAME
package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"log"
	"os"
	"time"

	"k8s.io/kms/pkg/service"
)

type plugin struct {
	name string
	aead cipher.AEAD
}

func (p plugin) Status(context.Context) (*service.StatusResponse, error) {
	return &service.StatusResponse{Version: "v2", Healthz: "ok", KeyID: p.name}, nil
}

func (p plugin) Encrypt(_ context.Context, _ string, data []byte) (*service.EncryptResponse, error) {
	nonce := make([]byte, p.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return &service.EncryptResponse{Ciphertext: p.aead.Seal(nonce, nonce, data, nil), KeyID: p.name}, nil
}

func (p plugin) Decrypt(_ context.Context, _ string, request *service.DecryptRequest) ([]byte, error) {
	size := p.aead.NonceSize()
	if request.KeyID != p.name || len(request.Ciphertext) < size {
		return nil, fmt.Errorf("encrypted with the key %q, not %q", request.KeyID, p.name)
	}
	return p.aead.Open(nil, request.Ciphertext[:size], request.Ciphertext[size:], nil)
}

func main() {
	socket, name := os.Args[1], os.Args[2]
	key := sha256.Sum256([]byte(name))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		log.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		log.Fatal(err)
	}
	_ = os.Remove(socket)
	log.Fatal(service.NewGRPCService(socket, 10*time.Second, plugin{name, aead}).ListenAndServe())
}
