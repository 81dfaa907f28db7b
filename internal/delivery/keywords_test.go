package delivery

import (
	"io"
	"log/slog"
	"slices"
	"testing"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store"
	"github.com/restante/restante/internal/vfs"
)

// arrived delivers a message to account 1 and returns the flags it has there.
func arrived(t *testing.T, marks bool, text string) []imap.Flag {
	t.Helper()
	opened, err := store.Open(store.Options{FS: vfs.NewMem(), Dir: "store", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	agent := New(Options{Store: opened, AttachmentKeywords: marks})
	message := agent.Begin(Envelope{Recipients: []Recipient{{Accounts: []mail.AccountID{1}}}})
	if _, err := io.WriteString(message, text); err != nil {
		t.Fatal(err)
	}
	if results := message.Commit(t.Context()); results[0] != nil {
		t.Fatal(results[0])
	}
	account, err := opened.Account(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	var flags []imap.Flag
	err = account.Read(t.Context(), func(state mail.State) error {
		inbox, err := state.MailboxNamed(mail.Inbox)
		if err != nil {
			return err
		}
		m, err := state.Message(inbox.ID, 1)
		if err == nil {
			flags = inbox.AppendFlags(nil, m.Flags)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return flags
}

// The aim: new mail says whether it has attachments where that is wanted, and
// carries no keyword where it is not (RFC 9979 §4).
func TestAttachmentKeywords(t *testing.T) {
	const plain = "Subject: x\r\n\r\nx\r\n"
	const file = "MIME-Version: 1.0\r\nContent-Type: application/pdf\r\n\r\nx\r\n"
	for _, c := range []struct {
		marks bool
		text  string
		want  []imap.Flag
	}{
		{false, plain, nil}, {false, file, nil},
		{true, plain, []imap.Flag{imap.FlagHasNoAttachment}}, {true, file, []imap.Flag{imap.FlagHasAttachment}},
	} {
		if got := arrived(t, c.marks, c.text); !slices.Equal(got, c.want) {
			t.Errorf("marks %v: %v, want %v", c.marks, got, c.want)
		}
	}
}
