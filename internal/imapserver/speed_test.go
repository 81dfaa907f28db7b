package imapserver

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// fill puts messages into the INBOX of the first account.
func (s *testServer) fill(count, size int) {
	s.t.Helper()
	ctx := context.Background()
	account, err := s.store.Account(ctx, 1)
	if err != nil {
		s.t.Fatal(err)
	}
	var inbox mail.MailboxID
	err = account.Read(ctx, func(state mail.State) error {
		mailbox, err := state.MailboxNamed(mail.Inbox)
		if err == nil {
			inbox = mailbox.ID
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	for done := 0; done < count; {
		var messages []mail.NewMessage
		for range min(1000, count-done) {
			messages = append(messages, mail.NewMessage{Body: s.body(done, size), InternalDate: mail.InstantOf(time.Unix(1700000000, 0))})
			done++
		}
		var uids imap.UIDSet
		if _, err := account.Commit(ctx, mail.Append(inbox, messages, time.Now(), &uids)); err != nil {
			s.t.Fatal(err)
		}
		for _, m := range messages {
			m.Body.Release()
		}
	}
}

func (s *testServer) body(number, size int) *mail.Body {
	staging := s.store.Stage()
	head := fmt.Sprintf("From: Ann <ann@example.org>\r\nTo: bob@example.org\r\nSubject: Message %d\r\nDate: Mon, 7 Feb 1994 21:%02d:%02d -0800\r\nMessage-ID: <%d@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n", number, number*7%60, number*13%60, number)
	text := strings.Repeat("All work and no play makes Jack a dull boy.\r\n", max(size-len(head), 45)/45)
	if _, err := io.WriteString(staging, head+text); err != nil {
		s.t.Fatal(err)
	}
	body, err := staging.Finish()
	if err != nil {
		s.t.Fatal(err)
	}
	return body
}

// drain sends a command and passes over its answer as fast as it comes.
func drain(t testing.TB, conn net.Conn, buffer []byte, command string) (octets int) {
	if _, err := io.WriteString(conn, "zz9 "+command+"\r\n"); err != nil {
		t.Fatal(err)
	}
	var tail []byte
	for {
		n, err := conn.Read(buffer)
		octets += n
		tail = append(tail, buffer[max(0, n-200):n]...)
		tail = tail[max(0, len(tail)-200):]
		if text := string(tail); strings.HasSuffix(text, "\r\n") && strings.Contains(text, "zz9 OK") {
			return octets
		}
		if err != nil {
			t.Fatalf("%s: %v", command, err)
		}
	}
}

// BenchmarkCommands says what the commands cost that clients give most, client
// and server together, over a mailbox of 100,000 small messages.
func BenchmarkCommands(b *testing.B) {
	const messages = 100_000
	server := startServer(b, nil)
	server.fill(messages, 300)
	client := server.login("u0001")
	client.ok("SELECT INBOX")
	buffer := make([]byte, 256<<10)
	for _, command := range []string{
		"SELECT INBOX", "NOOP", "FETCH 1:* FLAGS", "FETCH 1:* (UID FLAGS)",
		"FETCH 1:* (UID FLAGS RFC822.SIZE INTERNALDATE)", "FETCH 1:* (UID FLAGS RFC822.SIZE INTERNALDATE ENVELOPE BODYSTRUCTURE)",
		"STORE 1 +FLAGS (\\Flagged)", "STORE 1:* +FLAGS.SILENT (x)", "STORE 1:* -FLAGS (x)", "SEARCH FLAGGED", "SEARCH SUBJECT nosuch", "SEARCH UNSEEN", "UID SEARCH UID 1:*",
		"SORT (DATE) UTF-8 ALL", "SORT (ARRIVAL) UTF-8 ALL", "SORT (SUBJECT) UTF-8 ALL", "THREAD ORDEREDSUBJECT UTF-8 ALL", "THREAD REFERENCES UTF-8 ALL",
		"UID SEARCH RETURN (PARTIAL 1:100) SUBJECT Message",
	} {
		b.Run(command, func(b *testing.B) {
			for b.Loop() {
				drain(b, client.conn, buffer, command)
			}
		})
	}
}

// BenchmarkBodies says what a body of 3 KB costs.
func BenchmarkBodies(b *testing.B) {
	server := startServer(b, nil)
	server.fill(10_000, 3000)
	client := server.login("u0001")
	client.ok("EXAMINE INBOX")
	buffer := make([]byte, 256<<10)
	for _, command := range []string{"FETCH 1:* BODY.PEEK[]", "FETCH 1:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)])", "FETCH 1:* BODY.PEEK[TEXT]"} {
		b.Run(command, func(b *testing.B) {
			for b.Loop() {
				b.SetBytes(int64(drain(b, client.conn, buffer, command)))
			}
		})
	}
}
