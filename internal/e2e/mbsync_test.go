package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mbsyncHome is a user's maildirs and the configuration that keeps them in
// step with a server.
type mbsyncHome struct {
	t       *testing.T
	program string
	config  string
	mail    string
}

func newMbsyncHome(t *testing.T, server *Server) *mbsyncHome {
	t.Helper()
	dir := t.TempDir()
	home := &mbsyncHome{t, Tool(t, "mbsync"), filepath.Join(dir, "mbsyncrc"), filepath.Join(dir, "mail")}
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte(Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`IMAPStore far
Host localhost
Port %s
User u0001
PassCmd "cat %s"
SSLType IMAPS
CertificateFile %s
PipelineDepth 20

MaildirStore near
Path %s/
Inbox %s/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
CopyArrivalDate yes
SyncState *
`, server.Port("imaps"), secret, server.Certificate(t), home.mail, home.mail)
	if err := os.MkdirAll(home.mail, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(home.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return home
}

func (h *mbsyncHome) sync() {
	h.t.Helper()
	if out, err := exec.Command(h.program, "-c", h.config, "-a").CombinedOutput(); err != nil {
		h.t.Fatalf("mbsync: %v\n%s", err, out)
	}
}

// messages returns the files of a local mailbox, by the subject in them.
func (h *mbsyncHome) messages(mailbox string) map[string]string {
	h.t.Helper()
	found := map[string]string{}
	for _, part := range []string{"cur", "new"} {
		files, _ := filepath.Glob(filepath.Join(h.mail, mailbox, part, "*"))
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				h.t.Fatal(err)
			}
			_, rest, _ := strings.Cut(string(text), "Subject: ")
			subject, _, _ := strings.Cut(rest, "\n")
			found[strings.TrimSpace(subject)] = file
		}
	}
	return found
}

// The aim: mbsync keeps two copies in step, with changes made on both sides
// between two runs: new mail, flags and deletions each way.
func TestMbsyncBothWays(t *testing.T) {
	Tool(t, "mbsync")
	server := Start(t, 1)
	server.Deliver(t, "u0001@example.org", letter("alpha", "a"), letter("beta", "b"), letter("gamma", "c"))
	home := newMbsyncHome(t, server)
	home.sync()
	local := home.messages("INBOX")
	if len(local) != 3 {
		t.Fatalf("the first run brought %v", local)
	}

	// Here: alpha is read, beta is deleted, delta is written. There: gamma
	// is flagged, epsilon arrives.
	inbox := filepath.Join(home.mail, "INBOX", "cur")
	name, _, _ := strings.Cut(filepath.Base(local["alpha"]), ":2,")
	mustRename(t, local["alpha"], filepath.Join(inbox, name+":2,S"))
	if err := os.Remove(local["beta"]); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home.mail, "INBOX", "new", "1700000000.1.here"), letter("delta", "d"), 0o600); err != nil {
		t.Fatal(err)
	}
	far := dialClient(t, server)
	far.must("SELECT INBOX")
	far.must(`STORE 3 +FLAGS (\Flagged)`)
	server.Deliver(t, "u0001@example.org", letter("epsilon", "e"))

	home.sync()
	local = home.messages("INBOX")
	for subject, flags := range map[string]string{"alpha": "S", "gamma": "F", "delta": "", "epsilon": ""} {
		_, got, _ := strings.Cut(local[subject], ":2,")
		if local[subject] == "" || got != flags {
			t.Errorf("here %s is %q, want flags %q", subject, local[subject], flags)
		}
	}
	if len(local) != 4 {
		t.Errorf("here are %v", local)
	}
	far.must("NOOP")
	for search, want := range map[string]string{
		"SUBJECT alpha SEEN": "1", "SUBJECT beta": "", "SUBJECT gamma FLAGGED": "2", "SUBJECT delta": "4", "ALL": "1 2 3 4",
	} {
		if got := far.search(search); got != want {
			t.Errorf("there SEARCH %s finds %q, want %q", search, got, want)
		}
	}
	// A third run has nothing to do, and says so by changing nothing.
	before := fmt.Sprint(home.messages("INBOX"))
	home.sync()
	if after := fmt.Sprint(home.messages("INBOX")); after != before {
		t.Errorf("a run without changes made %s of %s", after, before)
	}
}

func mustRename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}
