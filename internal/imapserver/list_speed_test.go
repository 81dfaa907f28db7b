package imapserver

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/restante/restante/internal/mail"
)

// BenchmarkListWithStatus lists many mailboxes with their STATUS.
func BenchmarkListWithStatus(b *testing.B) {
	const mailboxes = 9_800
	s := startServer(b, nil)
	ctx := context.Background()
	account, err := s.store.Account(ctx, 1)
	if err != nil {
		b.Fatal(err)
	}
	for i := range mailboxes {
		if _, err := account.Commit(ctx, mail.CreateMailbox(fmt.Sprintf("Folder %d/%d", i/100, i), nil, time.Now(), new(mail.MailboxID))); err != nil {
			b.Fatal(err)
		}
	}
	c := s.login("u0001")
	b.ResetTimer()
	for range b.N {
		c.ok(`LIST "" "*" RETURN (STATUS (MESSAGES UNSEEN) SPECIAL-USE)`)
	}
}
