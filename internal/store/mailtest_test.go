package store

import (
	"testing"

	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/mail/mailtest"
	"github.com/restante/restante/internal/vfs"
)

// The store does what every mail.Store must, and is sound after it.
func TestIsAStore(t *testing.T) {
	mailtest.Test(t, func(t *testing.T) mail.Store {
		s := openTest(t, vfs.NewMem(), "/data")
		t.Cleanup(func() {
			if !t.Failed() {
				requireSound(t, s)
			}
			closeTest(t, s)
		})
		return s
	})
}
