package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// watchMetadata begins to watch what the dialect wants to hear of metadata: that of
// every mailbox the user may know of, and of the server (RFC 5464 §4.4). NOTIFY,
// once it was said, says what is heard.
func (s *session) watchMetadata() error {
	events := s.dialect.metadataEvents()
	if s.notify != nil || events == 0 || s.metadata != nil && s.metadata.events == events {
		return nil
	}
	h := &hearing{events: events, onlyMetadata: true}
	if events.Has(imap.NotifyMailboxMetadataChange) {
		h.groups = []notifyGroup{
			{filter: imap.NotifyPersonal, events: events},
			{filter: imap.NotifySubtree, names: newNameSet([]string{otherUsers, shared}), events: events},
		}
	}
	if err := s.startHearing(h); err != nil {
		h.close()
		return err
	}
	if err := s.tellOthers(); err != nil { // what was heard of until now
		h.close()
		return err
	}
	s.metadata.close()
	s.metadata = h
	return nil
}

// changedEntries are the names of entries that have changed, by mailbox.
type changedEntries map[mail.MailboxID]map[string]bool

func (c changedEntries) add(mailbox mail.MailboxID, name string) {
	if c[mailbox] == nil {
		c[mailbox] = map[string]bool{}
	}
	c[mailbox][name] = true
}

// canSeeMetadata reports whether the user can see an owner's metadata, if he may
// read that of the mailbox. What all users share of the server is in the directory;
// of mailboxes there nobody hears.
func (s *session) canSeeMetadata(account mail.Account, mailbox mail.MailboxID, owner mail.AccountID) bool {
	if owner != mail.Shared && owner != s.self() {
		return false
	}
	if account.ID() == s.account.ID() {
		return mailbox != mail.ServerMetadata || owner != mail.Shared
	}
	if account.ID() != mail.DirectoryAccount {
		return mailbox != mail.ServerMetadata // what one has of the server is his own
	}
	return mailbox == mail.ServerMetadata && owner == mail.Shared
}
