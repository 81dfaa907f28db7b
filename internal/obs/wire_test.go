package obs

import (
	"bytes"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// closer is a file in memory.
type closer struct {
	bytes.Buffer
	closed int
}

func (c *closer) Close() error { c.closed++; return nil }

// play writes a dialogue, "C: " and "S: " lines, in portions that cut chooses,
// and returns the log without its times.
func play(protocol, dialogue string, portions func(string) []string) string {
	var to closer
	t := newTranscript(protocol, &to, func() time.Time { return time.Unix(0, 0) })
	client, server := &side{t, &t.client}, &side{t, &t.server}
	for _, line := range strings.SplitAfter(strings.ReplaceAll(dialogue+"\n", "\n", "\r\n"), "\r\n") {
		if len(line) < 3 {
			continue
		}
		to := client
		if line[0] == 'S' {
			to = server
		}
		for _, portion := range portions(line[3:]) {
			to.Write([]byte(portion))
		}
	}
	client.Close()
	server.Close()
	var shown []string
	for line := range strings.Lines(to.String()) {
		_, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		shown = append(shown, text)
	}
	return strings.Join(shown, "\n")
}

func whole(text string) []string { return []string{text} }

// dialogues and what may be seen of them. "sesame" is the secret and "dear" is
// message text, of which nothing may be seen, in whatever portions they come.
var dialogues = []struct{ name, protocol, said, shown string }{
	{"LOGIN", "imap",
		"S: * OK hello\nC: a1 LOGIN u0001 sesame\nS: a1 OK in\nC: a2 NOOP\nS: a2 OK",
		"S: * OK hello\nC: a1 LOGIN [cut]\nS: a1 OK in\nC: a2 NOOP\nS: a2 OK"},
	{"LOGIN in literals", "imap",
		"C: a1 login {5}\nS: + go\nC: u0001 {6}\nS: + go\nC: sesame\nS: a1 OK in\nC: a2 NOOP\nS: a2 OK",
		"C: a1 login [cut]\nS: + go\nC: [cut]\nC: [cut]\nS: + go\nC: [cut]\nC: [cut]\nS: a1 OK in\nC: a2 NOOP\nS: a2 OK"},
	{"LOGIN in LITERAL+", "imaps",
		"C: a1 LOGIN {5+}\nC: u0001 {6+}\nC: sesame\nC: a2 NOOP\nS: a1 OK",
		"C: a1 LOGIN [cut]\nC: [cut]\nC: [cut]\nC: [cut]\nC: [cut]\nC: a2 NOOP\nS: a1 OK"},
	{"AUTHENTICATE", "imap",
		"C: a1 AUTHENTICATE PLAIN\nS: + \nC: sesame\nS: a1 OK\nC: a2 NOOP\nS: a2 OK",
		"C: a1 AUTHENTICATE PLAIN\nS: + \nC: [cut]\nS: a1 OK\nC: a2 NOOP\nS: a2 OK"},
	{"AUTHENTICATE at once", "imap",
		"C: a1 authenticate SCRAM-SHA-256 sesame\nS: + sesame\nC: sesame\nS: + sesame\nC: \nS: a1 OK\nC: a2 NOOP",
		"C: a1 authenticate SCRAM-SHA-256 [cut]\nS: + [cut]\nC: [cut]\nS: + [cut]\nC: [cut]\nS: a1 OK\nC: a2 NOOP"},
	{"APPEND and FETCH", "imap",
		"C: a1 APPEND x (\\Seen) {6}\nS: + go\nC: dear\n\nC: \nS: a1 OK\nC: a2 FETCH 1 BODY[]\nS: * 1 FETCH (BODY[] {4}\nS: dear FLAGS ())\nS: a2 OK",
		"C: a1 APPEND x (\\Seen) {6}\nS: + go\nC: [6 octets]\nC: \nS: a1 OK\nC: a2 FETCH 1 BODY[]\nS: * 1 FETCH (BODY[] {4}\nS: [4 octets]\nS:  FLAGS ())\nS: a2 OK"},
	{"a literal that is refused", "imap",
		"C: a1 APPEND x {10}\nS: a1 NO [TRYCREATE] none\nC: a2 LOGIN u0001 sesame\nS: a2 OK",
		"C: a1 APPEND x {10}\nS: a1 NO [TRYCREATE] none\nC: a2 LOGIN [cut]\nS: a2 OK"},
	{"LOGIN mistyped", "imap",
		"C: LOGIN u0001 sesame\nS: LOGIN BAD\nC: a2 LOGI u0001 sesame\nS: a2 BAD\nC: a3 LOGIN\tu0001 sesame\nS: a3 BAD\nC: a4 NOOP x\nC: a5 IDLE\nC: DONE",
		"C: LOGIN u0001 [cut]\nS: LOGIN BAD\nC: a2 LOGI [cut]\nS: a2 BAD\nC: a3 LOGIN [cut]\nS: a3 BAD\nC: a4 NOOP x\nC: a5 IDLE\nC: DONE"},
	{"other mechanisms", "imap",
		"C: a1 AUTHENTICATE OAUTHBEARER sesame\nS: + sesame\nC: AQ==\nS: a1 NO\nC: a2 authenticate XOAUTH2\nS: + \nC: sesame\nS: + sesame\nC: \nS: a2 NO\n" +
			"C: a3 AUTHENTICATE EXTERNAL sesame\nS: a3 OK\nC: a4 AUTHENTICATE ANONYMOUS\nS: + \nC: sesame\nS: a4 OK\nC: a5 AUTHENTICATE LOGIN\nS: + VXNlcg==\nC: sesame\nS: + UGFzcw==\nC: sesame\nS: a5 OK\n" +
			"C: a6 AUTHENTICATE SCRAM-SHA-256-PLUS {6+}\nC: sesame\nS: a6 BAD",
		"C: a1 AUTHENTICATE OAUTHBEARER [cut]\nS: + [cut]\nC: [cut]\nS: a1 NO\nC: a2 authenticate XOAUTH2\nS: + \nC: [cut]\nS: + [cut]\nC: [cut]\nS: a2 NO\n" +
			"C: a3 AUTHENTICATE EXTERNAL [cut]\nS: a3 OK\nC: a4 AUTHENTICATE ANONYMOUS\nS: + \nC: [cut]\nS: a4 OK\nC: a5 AUTHENTICATE LOGIN\nS: + [cut]\nC: [cut]\nS: + [cut]\nC: [cut]\nS: a5 OK\n" +
			"C: a6 AUTHENTICATE [cut]\nC: [cut]\nC: [cut]\nS: a6 BAD"},
	{"URLs that are authorized", "imap",
		"C: a1 APPEND x CATENATE (URL \"imap://u@h/x/;uid=1;urlauth=user+u:internal:sesame\" TEXT {4}\nS: + go\nC: dear URL \"/x/;uid=1;URLAUTH=anonymous:INTERNAL:sesame\")\nS: a1 NO [BADURL \"imap://u@h/x/;uid=1;urlauth=user+u:internal:sesame\"] no\n" +
			"S: * GENURLAUTH \"imap://u@h/x;URLAUTH=anonymous:internal:sesame\" imap://u@h/y;URLAUTH=authuser:internal:sesame\nS: * URLFETCH imap://u@h/x;URLAUTH=anonymous:internal:sesame {4}\nS: dear\nS: a2 OK",
		"C: a1 APPEND x CATENATE (URL \"imap://u@h/x/;uid=1;urlauth=user+u:internal:[cut]\" TEXT {4}\nS: + go\nC: [4 octets]\nC:  URL \"/x/;uid=1;URLAUTH=anonymous:INTERNAL:[cut]\")\nS: a1 NO [BADURL \"imap://u@h/x/;uid=1;urlauth=user+u:internal:[cut]\"] no\n" +
			"S: * GENURLAUTH \"imap://u@h/x;URLAUTH=anonymous:internal:[cut]\" imap://u@h/y;URLAUTH=authuser:internal:[cut]\nS: * URLFETCH imap://u@h/x;URLAUTH=anonymous:internal:[cut] {4}\nS: [4 octets]\nS: \nS: a2 OK"},
	{"POP3 mechanisms", "pop3",
		"C: AUTH OAUTHBEARER sesame\nS: + sesame\nC: AQ==\nS: -ERR\nC: AUTH XOAUTH2\nS: + \nC: sesame\nS: -ERR\nC: AUTH EXTERNAL sesame\nS: +OK",
		"C: AUTH OAUTHBEARER [cut]\nS: + [cut]\nC: [cut]\nS: -ERR\nC: AUTH XOAUTH2\nS: + \nC: [cut]\nS: -ERR\nC: AUTH EXTERNAL [cut]\nS: +OK"},
	{"POP3", "pop3",
		"S: +OK hello\nC: USER u0001\nS: +OK\nC: PASS sesame\nS: +OK\nC: LIST\nS: +OK\nS: 1 20\nS: .\nC: RETR 1\nS: +OK\nS: dear\nS: ..\nS: +OK dear\nS: .\nC: QUIT\nS: +OK",
		"S: +OK hello\nC: USER u0001\nS: +OK\nC: PASS [cut]\nS: +OK\nC: LIST\nS: +OK\nS: 1 20\nS: .\nC: RETR 1\nS: +OK\nS: [3 lines]\nS: .\nC: QUIT\nS: +OK"},
	{"POP3 AUTH", "pop3s",
		"C: AUTH PLAIN sesame\nS: -ERR no\nC: auth plain\nS: + \nC: sesame\nS: +OK\nC: STAT\nS: +OK 0 0",
		"C: AUTH PLAIN [cut]\nS: -ERR no\nC: AUTH plain\nS: + \nC: [cut]\nS: +OK\nC: STAT\nS: +OK 0 0"},
	{"SMTP", "smtp",
		"S: 220 hello\nC: EHLO me\nS: 250-SIZE\nS: 250 DSN\nC: AUTH PLAIN\nS: 334 \nC: sesame\nS: 502 no\nC: DATA\nS: 354 go\nC: dear\nC: ..\nC: .\nS: 250 ok\nC: BDAT 4 LAST\nC: dearQUIT\nS: 250 ok",
		"S: 220 hello\nC: EHLO me\nS: 250-SIZE\nS: 250 DSN\nC: AUTH PLAIN\nS: 334 \nC: [cut]\nS: 502 no\nC: DATA\nS: 354 go\nC: [2 lines]\nC: .\nS: 250 ok\nC: BDAT 4 LAST\nC: [4 octets]\nC: QUIT\nS: 250 ok"},
}

// Aim: a raw log shows a session, and neither credentials nor message text.
func TestWireLog(t *testing.T) {
	for _, d := range dialogues {
		got := play(d.protocol, d.said, whole)
		if got != d.shown {
			t.Errorf("%s:\n%s\nwant\n%s", d.name, got, d.shown)
		}
	}
}

// Aim: it makes no difference in which portions the octets come.
func TestWireLogInPortions(t *testing.T) {
	const seed = 7
	random := rand.New(rand.NewPCG(seed, 0))
	portions := func(text string) (parts []string) {
		for len(text) > 0 {
			n := 1 + random.IntN(min(len(text), 5))
			parts, text = append(parts, text[:n]), text[n:]
		}
		return parts
	}
	for range 50 {
		for _, d := range dialogues {
			got := play(d.protocol, d.said, portions)
			if got != d.shown {
				t.Fatalf("%s (seed %d):\n%s\nwant\n%s", d.name, seed, got, d.shown)
			}
		}
	}
}

// Aim: long lines are folded, and a literal at their end is still seen.
func TestWireLogFoldsLongLines(t *testing.T) {
	got := play("imap", "C: a1 SEARCH "+strings.Repeat("x", 5000)+" {4+}\nC: dear\nC: a2 NOOP", whole)
	lines := strings.Split(got, "\n")
	if len(lines) != 4 || !strings.HasSuffix(lines[0], "{4+}") || len(lines[0]) > lineShown+60 || lines[1] != "C: [4 octets]" {
		t.Errorf("shown as %d lines: %.60q %q", len(lines), lines[0], lines[1:])
	}
}

// Aim: the end of a long line shows no part of a secret that began before.
func TestWireLogCutsTheEndOfLongLines(t *testing.T) {
	got := play("imap", "C: a1 SEARCH "+strings.Repeat("x", lineShown)+" \"imap://u@h/x;URLAUTH=anonymous:internal:"+strings.Repeat("5e5a3e", 9)+"\"", whole)
	if strings.Contains(got, "5e5a3e") || !strings.HasSuffix(got, "octets]") {
		t.Errorf("shown: %s", got[len(got)-80:])
	}
}

// Aim: each session has a file of its own, which others cannot read.
func TestWireFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "wire")
	wire, err := NewWire(dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	client, server := wire.Session("imap", "1a", &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 5})
	server.Write([]byte("* OK\r\n"))
	client.Write([]byte("a1 LOGIN u sesame"))
	client.Close()
	server.Close()
	files, err := filepath.Glob(filepath.Join(dir, "*-imap-1a.log"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil || !strings.Contains(string(text), "192.0.2.1:5") || strings.Contains(string(text), "sesame") {
		t.Errorf("%v:\n%s", err, text)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}
