package transfer

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func move(t testing.TB, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func link(t testing.TB, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}

const separator = "From a@b.example Sun Sep  9 01:46:40 2001\n"

// The aim: messages are parted where they are, quoting is undone, and what
// programs wrote about their state becomes flags.
func TestImportMbox(t *testing.T) {
	r := newRig(t)
	dir := files(t, "inbox", separator+
		"X-IMAPbase: 77 0000000012 work\nSubject: one\nStatus: RO\nX-Status: AF\nX-Keywords: work play\n  more\nX-UID: 3\n\n"+
		"text\nFrom nobody, really\n>From here\n>>From there\n\nlast\n\n"+
		separator+"X-UID: 9\nSubject: two\n\n\nFrom nowhere\n\n\n"+
		separator+"Subject: three\n\n"+
		separator+"Subject: four\n\nno line end",
		"Sent.mbox", strings.ReplaceAll(separator+"Subject: crlf\n\nx\n\n"+separator+"Subject: crlf2\n\ny\n", "\n", "\r\n"),
		"Work.sbd/Deep", "From - Sun Sep 09 01:46:40 2001\nX-Mozilla-Status: 0005\nX-Mozilla-Status2: 00000000\nX-Mozilla-Keys: k1 k2\nSubject: m\n\nx\n",
		"Work", "", "Work.msf", "index",
	)
	report := r.imports(Mbox, dir, 1)
	r.wantProblems(report)
	r.wantMessages(1, "INBOX",
		`3 [\Answered \Flagged \Seen more play work] 1000000000 "Subject: one\r\n\r\ntext\r\nFrom nobody, really\r\nFrom here\r\n>From there\r\n\r\nlast\r\n"`,
		`9 [] 1000000000 "Subject: two\r\n\r\n\r\nFrom nowhere\r\n\r\n"`,
		`10 [] 1000000000 "Subject: three\r\n\r\n"`,
		`11 [] 1000000000 "Subject: four\r\n\r\nno line end"`,
	)
	if inbox := r.account(1)["INBOX"]; inbox.validity != 77 || inbox.next != 13 {
		t.Errorf("INBOX has UIDVALIDITY %d and UIDNEXT %d", inbox.validity, inbox.next)
	}
	r.wantMessages(1, "Sent", `1 [] 1000000000 "Subject: crlf\r\n\r\nx\r\n"`, `2 [] 1000000000 "Subject: crlf2\r\n\r\ny\r\n"`)
	r.wantMessages(1, "Work/Deep", `1 [\Flagged \Seen k1 k2] 1000000000 "Subject: m\r\n\r\nx\r\n"`)
	again := r.imports(Mbox, dir, 1)
	if again.Messages != 0 || again.Already != 7 {
		t.Errorf("the second run: %+v", again)
	}
}

// The aim: an mbox that has lost its first messages and gained others brings
// only the others, and messages that are alike are as many as they are.
func TestImportMboxAgain(t *testing.T) {
	r := newRig(t)
	one, two, three := separator+"Subject: one\n\n\n", separator+"Subject: two\n\n\n", separator+"Subject: three\n\n\n"
	dir := files(t, "box", one+two+two)
	r.imports(Mbox, dir+"/box", 1)
	r.wantMessages(1, "INBOX", `1 [] 1000000000 "Subject: one\r\n\r\n"`, `2 [] 1000000000 "Subject: two\r\n\r\n"`, `3 [] 1000000000 "Subject: two\r\n\r\n"`)
	write(t, dir+"/box", strings.Replace(two+two, "\n\n", "\nStatus: R\n\n", 1)+two+three)
	report := r.imports(Mbox, dir+"/box", 1)
	if report.Messages != 2 || report.Already != 2 {
		t.Errorf("the second run: %+v", report)
	}
}

// The aim: Content-Length is believed where a message ends there, and nowhere
// else (mboxcl, mboxcl2).
func TestContentLength(t *testing.T) {
	r := newRig(t)
	second := "x\n\n" + separator + ">From there\n\n"
	dir := files(t, "a", fmt.Sprintf("%sContent-Length: %d\nSubject: cl2\n\n%s\n", separator, len(second), second)+
		separator+"Content-Length: 12\nSubject: cl\n\n>From there\n\n"+
		separator+"Content-Length: 5\nSubject: wrong\n\nfar more than that\n",
	)
	r.wantProblems(r.imports(Mbox, dir+"/a", 1))
	r.wantMessages(1, "INBOX",
		`1 [] 1000000000 "Subject: cl2\r\n\r\nx\r\n\r\nFrom a@b.example Sun Sep  9 01:46:40 2001\r\n>From there\r\n\r\n"`,
		`2 [] 1000000000 "Subject: cl\r\n\r\nFrom there\r\n"`,
		`3 [] 1000000000 "Subject: wrong\r\nContent-Length: 5\r\n\r\nfar more than that\r\n"`,
	)
}

// The aim: what is no mbox is reported and passed over.
func TestImportDamagedMbox(t *testing.T) {
	r := newRig(t)
	dir := files(t, "noise", "hello\n", "good", separator+"Subject: x\n\ny\n", "internal",
		separator+"Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 99 0000000004\nStatus: RO\n\nx\n\n"+
			separator+"X-UID: 4\n\nbody only\n",
		"headless", separator+"\n"+separator+"\n\n", "a/b/bad\x01", separator+"x: y\n\n",
	)
	report := r.imports(Mbox, dir, 1)
	r.wantProblems(report, "noise", "bad\x01")
	r.wantMessages(1, "good", `1 [] 1000000000 "Subject: x\r\n\r\ny\r\n"`)
	r.wantMessages(1, "internal", `4 [] 1000000000 "\r\nbody only\r\n"`)
	if got := r.account(1)["internal"]; got.validity != 99 || got.next != 5 {
		t.Errorf("internal is %+v", got)
	}
}

// The aim: separators are told from text that looks like them.
func TestSeparators(t *testing.T) {
	for line, want := range map[string]bool{
		"From a@b Sun Sep  9 01:46:40 2001\n":                     true,
		"From a@b Sun Sep 9 01:46:40 2001\n":                      true,
		"From a@b Sun Sep 09 01:46:40 2001\r\n":                   true,
		"From - Sun Sep  9 01:46:40 2001\n":                       true,
		"From Sun Sep  9 01:46:40 2001\n":                         true,
		"From \"a b\"@c Sun Sep  9 01:46:40 2001\n":               true,
		"From a@b Sun Sep  9 01:46:40 +0200 2001\n":               true,
		"From a@b Sun Sep  9 01:46:40 2001 +0200\n":               true,
		"From a@b Sun Sep  9 01:46:40 CEST 2001\n":                true,
		"From a@b Sun Sep  9 01:46 2001\n":                        true,
		"From a@b Sun, 9 Sep 2001 01:46:40 +0200\n":               true,
		"From a@b Sun Sep  9 01:46:40 2001 remote from example\n": false,
		"From now on, it is 2001\n":                               false,
		"From: a@b Sun Sep  9 01:46:40 2001\n":                    false,
		">From a@b Sun Sep  9 01:46:40 2001\n":                    false,
		"From \n":                                                 false,
	} {
		if _, got := separatorDate([]byte(line)); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}
