package imapserver

import (
	"bytes"
	"context"
	"testing"

	"github.com/restante/restante/internal/conform"
)

// The aim: where LITERAL- is offered in place of LITERAL+, the cases about
// literals hold, and a large literal that comes unasked is refused with the
// connection in step (RFC 7888 §5).
func TestLiteralMinus(t *testing.T) {
	server := startServer(t, func(o *Options) { o.LiteralMinus = true })
	var out bytes.Buffer
	err := conform.Run(context.Background(), conform.Options{
		Address: server.address, Users: "u%04d", Password: "secret", Accounts: testAccounts,
		Cases: "^(append|state|bad|pipeline)/", Promises: true, Out: &out,
	})
	if err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
	if !bytes.Contains(out.Bytes(), []byte("RFC 7888")) || bytes.Contains(out.Bytes(), []byte("LITERAL+ is offered")) {
		t.Errorf("LITERAL- was not judged:\n%s", out.String())
	}
}
