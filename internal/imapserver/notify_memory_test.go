package imapserver

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// The aim: a thousand mailboxes named in a NOTIFY cost a session less than 64 KB,
// and it hears of each of them.
func TestNotifyOnManyMailboxesIsCheap(t *testing.T) {
	const mailboxes, sessions, most = 1000, 24, 64 << 10
	server := startServer(t, nil)
	account, err := server.store.Account(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	setUp := server.login("u0001")
	var names []string
	for i := range mailboxes {
		name := fmt.Sprintf("Lists/2026/announce-%04d", i)
		names = append(names, name)
		var id mail.MailboxID
		if _, err := account.Commit(t.Context(), mail.CreateMailbox(name, nil, time.Now(), &id)); err != nil {
			t.Fatal(err)
		}
	}
	setUp.ok("NOOP")
	clients := make([]*testClient, sessions)
	for i := range clients {
		clients[i] = server.login(fmt.Sprintf("u%04d", 1+i%4))
	}
	inUse := func() int64 {
		least := int64(math.MaxInt64) // sessions give their buffers back meanwhile
		for range 20 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			least = min(least, int64(m.HeapAlloc+m.StackInuse))
		}
		return least
	}
	before := inUse()
	command := "NOTIFY SET (MAILBOXES (" + strings.Join(names, " ") + ") (" +
		strings.Join(imap.AllNotifyEvents.Names(), " ") + "))"
	for _, client := range clients {
		client.ok(command)
	}
	each := (inUse() - before) / sessions
	t.Logf("%d octets a session for %d mailboxes", each, mailboxes)
	if each > most {
		t.Errorf("a session costs %d octets more, want at most %d", each, most)
	}
	for _, name := range []string{names[0], names[mailboxes/2], names[mailboxes-1]} {
		setUp.append(name, "()", "x\r\n\r\ny")
		has(t, clients[0].line(), "* STATUS "+name+" (MESSAGES 1 ")
	}
}
