package imapserver

import (
	"fmt"
	"strings"
	"testing"
)

// The aim: messages whose structures fill a portion are all answered, each
// once, however few of them are held at a time.
func TestPortionsOfLargeStructures(t *testing.T) {
	server := startServer(t, takeAnyHeader)
	client := server.login("u0001")
	client.append("INBOX", "()", "Content-Type: multipart/mixed; boundary=b\r\n\r\n"+strings.Repeat("--b\r\n\r\nx\r\n", 9000)+"--b--\r\n")
	client.ok("SELECT INBOX")
	for range 4 {
		client.ok("COPY 1:* INBOX")
		client.ok("NOOP")
	}
	answers := client.do("FETCH 1:* (UID BODYSTRUCTURE)")
	if len(answers) != 17 {
		t.Fatalf("%d lines, want 16 messages and the end", len(answers))
	}
	for i, line := range answers[:16] {
		if head := fmt.Sprintf("* %d FETCH (UID %d BODYSTRUCTURE ((", i+1, i+1); !strings.HasPrefix(line, head) {
			t.Errorf("line %d is %.60q", i, line)
		}
	}
}

// The aim: fields are picked from a header too large for memory as from any
// other.
func TestFieldsOfALargeHeader(t *testing.T) {
	server := startServer(t, takeAnyHeader)
	client := server.login("u0001")
	subject := strings.Repeat(" long", headerInMemory/4)
	client.append("INBOX", "()", "From: ann@example.org\r\nSubject:"+subject+"\r\nX-Zero: a\x80b\r\n\r\nbody\r\n")
	client.ok("SELECT INBOX")
	from := "From: ann@example.org\r\n\r\n"
	has(t, client.ok("FETCH 1 BODY.PEEK[HEADER.FIELDS (FROM)]"), fmt.Sprintf("{%d}", len(from)), "From: ann@example.org\n")
	has(t, client.ok("FETCH 1 BODY.PEEK[HEADER.FIELDS.NOT (SUBJECT X-Zero)]<2.6>"), "{6}", "\nom: an)")
	whole := "Subject:" + subject + "\r\n\r\n"
	has(t, client.ok("FETCH 1 BODY.PEEK[HEADER.FIELDS (subject)]"), fmt.Sprintf("{%d}", len(whole)), "Subject:"+subject+"\n")
	has(t, client.ok("FETCH 1 BODY.PEEK[HEADER.FIELDS (subject)]<9999999.5>"), "{0}")
}
