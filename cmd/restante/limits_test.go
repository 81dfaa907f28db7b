package main

import (
	"testing"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/config"
)

// Aim: what the configuration says the defaults are, they are.
func TestConfiguredDefaultsAreTheRooms(t *testing.T) {
	if got, want := authLimits(config.Default().Auth), auth.DefaultLimits(); got != want {
		t.Errorf("configured %+v, the room's own %+v", got, want)
	}
}

// Aim: mail.message_max bounds what is appended, as it bounds what is delivered.
func TestMessageMaxBoundsAppend(t *testing.T) {
	all := config.Default()
	all.Mail.MessageMax = 1 << 20
	if got := imapLimits(all).LiteralMax; got != 1<<20 {
		t.Errorf("a message of %d octets may be appended, %d are the most", got, 1<<20)
	}
	all.Mail.MessageMax, all.IMAP.LiteralMax = 64<<20, 1<<10
	if got := imapLimits(all).LiteralMax; got != 1<<10 {
		t.Errorf("a literal of %d octets is taken, %d are the most", got, 1<<10)
	}
}
