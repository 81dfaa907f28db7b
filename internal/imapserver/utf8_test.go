package imapserver

import (
	"strings"
	"testing"
)

// The aim: 8-bit octets are found in the header and nowhere else, however the
// message is cut into pieces (RFC 9755 §4).
func TestHeaderScan(t *testing.T) {
	for text, want := range map[string]bool{
		"Subject: x\r\n\r\n\u00e9":             false,
		"Subject: \u00e9\r\n\r\nx":             true,
		"Subject: x\n\n\u00e9":                 false,
		"Subject: x\r\n\u00e9: y\r\n\r\n":      true,
		"Subject: x\r\n y\r\nA: \xff\r\n\r\nx": true,
		"\r\n\u00e9":                           false,
		"\u00e9":                               true,
		"":                                     false,
		"A: " + strings.Repeat("x", 9000) + "\r\nB: \u00e9\r\n": true,
	} {
		for _, size := range []int{1, 2, 3, 7, 1 << 20} {
			var scan headerScan
			for rest := text; rest != ""; {
				n := min(size, len(rest))
				scan.see([]byte(rest[:n]))
				rest = rest[n:]
			}
			if scan.found != want {
				t.Errorf("%.30q in pieces of %d: %t", text, size, scan.found)
			}
		}
	}
}
