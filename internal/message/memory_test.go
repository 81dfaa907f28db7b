package message

import (
	"strings"
	"testing"
)

// Aim: the estimate grows with what makes a structure large, and ordinary
// messages are small.
func TestMemoryMax(t *testing.T) {
	ordinary := ParseBytes([]byte("From: a@b\r\nSubject: x\r\n\r\nhello\r\n")).MemoryMax()
	if ordinary > 4<<10 {
		t.Errorf("an ordinary message takes %d octets", ordinary)
	}
	for name, text := range map[string]string{
		"parts":     "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 9000),
		"embedded":  strings.Repeat("Content-Type: message/rfc822\r\n\r\n", 90) + "Subject: x\r\n\r\n",
		"addresses": "To: " + strings.Repeat("a@b,", 9000) + "\r\n\r\n",
		"header":    "Subject: " + strings.Repeat("x", 60<<10) + "\r\n\r\n",
	} {
		if got := ParseBytes([]byte(text)).MemoryMax(); got < 20*ordinary {
			t.Errorf("%s: %d octets, an ordinary message %d", name, got, ordinary)
		}
	}
}
