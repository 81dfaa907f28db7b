package imapserver

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/restante/restante/internal/vfs"
)

// The aim: a full disk refuses what needs room, with a code that says that it
// is worth trying again, serves reads, and takes mail as soon as there is room
// again.
func TestFullDisk(t *testing.T) {
	server := startServer(t, nil)
	c := server.login("u0001")
	c.append("INBOX", "()", testMessage)
	vfs.SetFree(server.disk, 1<<10)
	for _, command := range []string{
		fmt.Sprintf("APPEND INBOX {%d+}\r\n%s", len(testMessage), testMessage), "CREATE Fresh", "COPY 1 Sent", `STORE 1 +FLAGS (\Flagged)`, "MOVE 1 Sent", "SUBSCRIBE Other",
	} {
		c.ok("SELECT INBOX") // also with a message that nobody could claim as recent
		has(t, c.status(command, "NO"), "[UNAVAILABLE]")
	}
	has(t, c.ok("FETCH 1 BODY[TEXT]"), "Good morning.")
	has(t, c.ok("SEARCH SUBJECT hello"), "* SEARCH 1")
	vfs.SetFree(server.disk, 32<<20) // half of the reserve: enough to delete
	has(t, c.status("APPEND INBOX {9+}\r\na: new\r\n\r", "NO"), "[UNAVAILABLE]")
	c.ok(`STORE 1 +FLAGS (\Flagged)`)
	vfs.SetFree(server.disk, 1<<40)
	c.append("INBOX", "()", testMessage)
	has(t, c.ok("NOOP")+c.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 2")
}

// The aim: many sessions that change one mailbox at once all end with the same
// belief, which is what is there.
func TestManySessionsAgree(t *testing.T) {
	server := startServer(t, nil)
	const sessions, rounds = 6, 25
	var group sync.WaitGroup
	clients := make([]*testClient, sessions)
	for i := range clients {
		clients[i] = server.login("u0001")
		if i%2 == 1 {
			clients[i].ok("ENABLE IMAP4rev2")
		}
		clients[i].ok("SELECT INBOX")
	}
	believed := make([]int, sessions)
	for i, c := range clients {
		group.Go(func() {
			count := 0
			note := func(text string) {
				for line := range strings.SplitSeq(text, "\n") {
					var n int
					var word string
					if _, err := fmt.Sscanf(line, "* %d %s", &n, &word); err != nil {
						continue
					}
					switch word {
					case "EXISTS":
						count = n
					case "EXPUNGE":
						count--
					}
				}
			}
			for round := range rounds {
				note(c.ok(fmt.Sprintf("APPEND INBOX {%d+}\r\n%s", len(testMessage), testMessage)))
				note(strings.Join(c.do(fmt.Sprintf(`UID STORE %d +FLAGS (\Deleted)`, (i+round*sessions)/2+1)), "\n"))
				note(strings.Join(c.do("FETCH 1:* (UID FLAGS)"), "\n"))
				note(c.ok("EXPUNGE"))
			}
			believed[i] = count
		})
	}
	group.Wait()
	for i, c := range clients {
		for line := range strings.SplitSeq(c.ok("NOOP"), "\n") {
			var n int
			var word string
			if _, err := fmt.Sscanf(line, "* %d %s", &n, &word); err == nil {
				switch word {
				case "EXISTS":
					believed[i] = n
				case "EXPUNGE":
					believed[i]--
				}
			}
		}
	}
	want := strings.Count(clients[0].ok("FETCH 1:* UID"), "FETCH (")
	for i := range clients {
		if believed[i] != want {
			t.Errorf("session %d believes in %d messages, there are %d", i, believed[i], want)
		}
	}
}
