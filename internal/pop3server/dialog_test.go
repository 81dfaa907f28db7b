package pop3server

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/restante/restante/imap"
)

// dialogs are the files of testdata/pop3. Their lines are:
//
//	# a comment
//	C: text         the client sends a line
//	S: text         the server sends this line
//	S~ expression   the server sends a line that the expression matches whole
//	text "..."      the server sends a reply of many lines, which read so
//	end             the server closes the connection
//	connect         a new connection; the old one is left alone
//	hang up         the client closes its connection
//	tls             both go on under TLS
//	message "..."   somebody delivers a message to u1
//	expunge 2       somebody expunges that UID from u1's INBOX
//	inbox 3         u1's INBOX has so many messages
//
// $validity stands for the UIDVALIDITY of u1's INBOX.
const dialogs = "../../testdata/pop3/*.dialog"

// The aim: each dialog goes as it is written.
func TestDialogs(t *testing.T) {
	files, err := filepath.Glob(dialogs)
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d dialogs, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".dialog"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			d := &dialog{rig: newRig(t, nil)}
			d.client = d.dial()
			for number, line := range strings.Split(string(text), "\n") {
				t.Logf("%s:%d: %s", filepath.Base(file), number+1, line)
				d.step(line)
			}
		})
	}
}

type dialog struct {
	*rig
	client *client
}

func (d *dialog) step(line string) {
	d.t.Helper()
	box, uids := d.inbox("u1")
	line = strings.ReplaceAll(line, "$validity", box.UIDValidity.String())
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "", "#":
	case "C:":
		d.client.say(rest)
	case "S:":
		if got := d.client.line(); got != rest {
			d.t.Fatalf("got %q, want %q", got, rest)
		}
	case "S~":
		if got := d.client.line(); !regexp.MustCompile("^(?:" + rest + ")$").MatchString(got) {
			d.t.Fatalf("got %q, want %q", got, rest)
		}
	case "text":
		if got := d.client.text(); got != d.unquote(rest) {
			d.t.Fatalf("got %q, want %s", got, rest)
		}
	case "end":
		d.client.wantEnd()
	case "connect":
		d.client = d.dial()
	case "hang":
		d.client.conn.Close()
	case "tls":
		d.client.startTLS()
	case "message":
		d.append("u1", d.unquote(rest))
	case "expunge":
		uid, err := strconv.Atoi(rest)
		d.must(err)
		d.expunge("u1", imap.SetOf(imap.UID(uid)))
	case "inbox":
		if count := strconv.FormatUint(uids.Count(), 10); count != rest {
			d.t.Fatalf("INBOX has %s messages, want %s", count, rest)
		}
	default:
		d.t.Fatalf("cannot read %q", line)
	}
}

func (d *dialog) unquote(text string) string {
	d.t.Helper()
	plain, err := strconv.Unquote(text)
	d.must(err)
	return plain
}
