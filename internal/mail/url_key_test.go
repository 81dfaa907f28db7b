package mail

import (
	"strings"
	"testing"
)

// A token proves one URL of one mailbox under one key, whatever the case of its
// digits, and no other octets.
func TestURLKey(t *testing.T) {
	key, other := URLKey{1}, URLKey{2}
	const rump = "imap://joe@example.com/INBOX/;UID=20;URLAUTH=authuser"
	token := key.Token(7, rump)
	if len(token) < 32 || !key.Proves(7, rump, token) || !key.Proves(7, rump, strings.ToUpper(token)) {
		t.Fatalf("the token %s does not prove its own URL", token)
	}
	for name, proven := range map[string]bool{
		"another key":         other.Proves(7, rump, token),
		"another UIDVALIDITY": key.Proves(8, rump, token),
		"another URL":         key.Proves(7, strings.ToLower(rump), token),
		"a longer token":      key.Proves(7, rump, token+"00"),
		"a shorter token":     key.Proves(7, rump, token[:len(token)-2]),
		"another algorithm":   key.Proves(7, rump, "02"+token[2:]),
		"no token":            key.Proves(7, rump, ""),
	} {
		if proven {
			t.Errorf("proven by %s", name)
		}
	}
}
