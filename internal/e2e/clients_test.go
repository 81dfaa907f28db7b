package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// letter is a small message with CRLF line ends.
func letter(subject, text string) []byte {
	return []byte("From: Ann <ann@example.net>\r\nTo: u0001@example.org\r\nSubject: " + subject +
		"\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r\nMessage-ID: <" + subject + "@example.net>\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text + "\r\n")
}

// runTool runs a client to its end and returns what it printed.
func runTool(t *testing.T, input string, name string, arguments ...string) string {
	t.Helper()
	command := exec.Command(name, arguments...)
	command.Stdin = strings.NewReader(input)
	var errors bytes.Buffer
	command.Stderr = &errors
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s\n%s", filepath.Base(name), err, out, errors.String())
	}
	return string(out)
}

// runScript runs a script of testdata with the server's addresses in its
// environment; the script asserts for itself and prints "ok" at its end.
func runScript(t *testing.T, server *Server, interpreter, script string) {
	t.Helper()
	command := exec.Command(interpreter, filepath.Join("testdata", script))
	command.Env = append(os.Environ(),
		"CERTIFICATE="+server.Certificate(t), "ACCOUNT=u0001", "PASSWORD="+Password,
		"IMAP_PORT="+server.Port("imap"), "IMAPS_PORT="+server.Port("imaps"),
		"POP3_PORT="+server.Port("pop3"), "POP3S_PORT="+server.Port("pop3s"),
		"LMTP_PORT="+server.Port("lmtp"), "SMTP_PORT="+server.Port("smtp"))
	out, err := command.CombinedOutput()
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(out)), "ok") {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
}

// The aim: curl lists, fetches, searches, stores and deletes over imaps://,
// with the certificate checked.
func TestCurl(t *testing.T) {
	curl := Tool(t, "curl")
	server := Start(t, 1)
	server.Deliver(t, "u0001@example.org", letter("first", "one"), letter("second", "two"))
	certificate := server.Certificate(t)
	request := func(path string, arguments ...string) string {
		t.Helper()
		url := "imaps://localhost:" + server.Port("imaps") + "/" + path
		// The password comes on standard input, so that it is nobody's
		// argument.
		config := fmt.Sprintf("user = \"u0001:%s\"\n", Password)
		return runTool(t, config, curl, append([]string{"-sS", "--config", "-", "--cacert", certificate, "--url", url}, arguments...)...)
	}
	if out := request(""); !strings.Contains(out, "INBOX") || !strings.Contains(out, `\Drafts`) {
		t.Fatalf("the list is %q", out)
	}
	if out := request("INBOX;UID=2"); !strings.Contains(out, "Subject: second\r\n") || !strings.HasSuffix(out, "\r\n\r\ntwo\r\n") {
		t.Fatalf("the message is %q", out)
	}
	if out := request("INBOX?SUBJECT%20first"); strings.TrimSpace(out) != "* SEARCH 1" {
		t.Fatalf("the search finds %q", out)
	}
	file := filepath.Join(t.TempDir(), "third.eml")
	if err := os.WriteFile(file, letter("third", "three"), 0o600); err != nil {
		t.Fatal(err)
	}
	request("INBOX", "--upload-file", file)
	request("INBOX", "--request", `STORE 1 +FLAGS (\Deleted)`)
	request("INBOX", "--request", "EXPUNGE")
	if out := request("INBOX", "--request", "UID SEARCH ALL"); strings.TrimSpace(out) != "* SEARCH 2 3" {
		t.Fatalf("after the deletion there are %q", out)
	}
}

// The aim: Python's imaplib and poplib and Perl's Mail::IMAPClient work
// through whole sessions of theirs.
func TestScriptedClients(t *testing.T) {
	for _, client := range []struct{ interpreter, script, module string }{
		{"python3", "use_imaplib.py", ""},
		{"python3", "use_poplib.py", ""},
		{"perl", "use_imapclient.pl", "Mail::IMAPClient"},
	} {
		t.Run(client.script, func(t *testing.T) {
			interpreter := Tool(t, client.interpreter)
			if client.module != "" && exec.Command(interpreter, "-M"+client.module, "-e1").Run() != nil {
				Tool(t, client.module) // says that it is missing
			}
			server := Start(t, 1)
			server.Deliver(t, "u0001@example.org", letter("first", "one"), letter("second", "two"), letter("third", ".\r\n..dots"))
			runScript(t, server, interpreter, client.script)
		})
	}
}

// The aim: fetchmail takes every message over POP3 with TLS and leaves an
// empty INBOX.
func TestFetchmail(t *testing.T) {
	fetchmail := Tool(t, "fetchmail")
	server := Start(t, 1)
	const count = 20
	for n := range count {
		server.Deliver(t, "u0001@example.org", letter(fmt.Sprintf("mail-%d", n), strings.Repeat("line\r\n.dot\r\n", n)))
	}
	dir := t.TempDir()
	box, control := filepath.Join(dir, "box"), filepath.Join(dir, "control")
	text := fmt.Sprintf(`poll localhost protocol pop3 service %s
  user "u0001" password "%s" ssl sslcertck sslcertfile "%s" fetchall
  mda "sh -c 'cat >> %s; echo >> %s'"
`, server.Port("pop3s"), Password, server.Certificate(t), box, box)
	if err := os.WriteFile(control, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(fetchmail, "-f", control, "--nosyslog", "--idfile", filepath.Join(dir, "ids"), "--pidfile", filepath.Join(dir, "pid"))
	command.Env = append(os.Environ(), "HOME="+dir, "FETCHMAILHOME="+dir)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("fetchmail: %v\n%s", err, out)
	}
	got, err := os.ReadFile(box)
	if err != nil {
		t.Fatal(err)
	}
	for n := range count {
		if strings.Count(string(got), fmt.Sprintf("Subject: mail-%d\n", n)) != 1 {
			t.Errorf("mail-%d did not come exactly once", n)
		}
	}
	if !strings.Contains(string(got), "\n.dot\n") {
		t.Error("a line with a leading dot did not come as it was")
	}
	// Leaving nothing behind is an exit status of its own: 1, no mail.
	command = exec.Command(fetchmail, command.Args[1:]...)
	command.Env = append(os.Environ(), "HOME="+dir, "FETCHMAILHOME="+dir)
	err = command.Run()
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 {
		t.Errorf("a second run says %v, not that there is no mail", err)
	}
}
