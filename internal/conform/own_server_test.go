package conform

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/restante/restante/internal/e2e"
)

// accounts is how many cases run at once on the project's own server.
const accounts = 8

// The aim: the project's own server meets every case in every dialect, and
// keeps the promises that the RFCs leave to it.
func TestOwnServer(t *testing.T) {
	server := e2e.Start(t, accounts)
	var out bytes.Buffer
	began := time.Now()
	err := Run(context.Background(), Options{
		Address:  server.Addresses["imap"],
		Users:    "u%04d@example.org",
		Password: e2e.Password,
		Accounts: accounts,
		Parallel: accounts,
		Promises: true,
		Out:      &out,
	})
	if err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
	t.Logf("the cases took %v", time.Since(began))
}

// The aim: the cases about login and the greeting hold where the connection
// begins with TLS, too.
func TestOwnServerUnderTLS(t *testing.T) {
	server := e2e.Start(t, 2)
	var out bytes.Buffer
	err := Run(context.Background(), Options{
		Address: server.Addresses["imaps"], TLS: true,
		Users: "u%04d", Password: e2e.Password, Accounts: 2,
		Cases: "^(auth|session|idle)/", Promises: true, Out: &out,
	})
	if err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
}
