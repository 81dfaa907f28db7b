package conform

import (
	"bytes"
	"context"
	"os"
	"testing"
)

// TestAddress aims to let a writer of cases play them against any server:
//
//	RESTANTE_CONFORM=127.0.0.1:143 RESTANTE_CASES=^fetch/ go test ./internal/conform
func TestAddress(t *testing.T) {
	address := os.Getenv("RESTANTE_CONFORM")
	if address == "" {
		t.Skip("RESTANTE_CONFORM names no server")
	}
	var out bytes.Buffer
	o := Options{Address: address, Cases: os.Getenv("RESTANTE_CASES"), Out: &out, Accounts: 40}
	o.Promises = os.Getenv("RESTANTE_PROMISES") != ""
	if dialect := os.Getenv("RESTANTE_DIALECT"); dialect != "" {
		o.Dialects = []string{dialect}
	}
	err := Run(context.Background(), o)
	t.Log("\n" + out.String())
	if err != nil {
		t.Error(err)
	}
}
