package imapserver

import (
	"errors"
	"maps"
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// metadataWatch is how a session that wants to hears of metadata that others
// change: that of its own account and its mailboxes, and that of the server
// (RFC 5464 §4.4.2). The nil value watches nothing.
type metadataWatch struct {
	watched []*watchedMetadata
}

// watchedMetadata is one account whose metadata is watched.
type watchedMetadata struct {
	account mail.Account
	watch   *mail.Watch
	// position is up to where changes were accounted for, and own are the
	// positions beyond it at which this session made some.
	position imap.ModSeq
	own      []imap.ModSeq
}

// note says that the session made a change itself.
func (w *metadataWatch) note(account mail.AccountID, at imap.ModSeq) {
	if w == nil {
		return
	}
	for _, one := range w.watched {
		if one.account.ID() == account && len(one.own) < metadataOwnMax {
			one.own = append(one.own, at)
		}
	}
}

func (w *metadataWatch) close() {
	if w == nil {
		return
	}
	for _, one := range w.watched {
		one.watch.Close()
	}
}

// watchMetadata begins to watch, if the dialect wants it and nothing is watched
// yet.
func (s *session) watchMetadata() error {
	if s.metadata != nil || !s.dialect.hearsMetadata(true) {
		return nil
	}
	directory, err := s.server.options.Store.Account(s.context, mail.DirectoryAccount)
	if err != nil {
		return err
	}
	s.metadata = new(metadataWatch)
	for _, account := range []mail.Account{s.account, directory} {
		one := &watchedMetadata{account: account, watch: account.Watch(s.conn.notice)}
		one.watch.Only(func(change *mail.Change) bool { return len(change.Metadata) > 0 || change.Erased })
		s.metadata.watched = append(s.metadata.watched, one)
		err := account.Read(s.context, func(state mail.State) error {
			one.position = state.ModSeq()
			return nil
		})
		if err != nil {
			return err
		}
	}
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

// tellMetadata tells which entries others have changed, and not their values
// (RFC 5464 §4.4).
func (s *session) tellMetadata() error {
	if s.metadata == nil {
		return nil
	}
	for _, one := range s.metadata.watched {
		changed, err := s.takeMetadata(one)
		if err != nil {
			return err
		}
		if err := s.writeChangedEntries(one.account, changed); err != nil {
			return err
		}
	}
	return nil
}

// takeMetadata returns what has changed in one account.
func (s *session) takeMetadata(one *watchedMetadata) (changedEntries, error) {
	changes, lost := one.watch.Take()
	if lost {
		return s.compareMetadata(one)
	}
	changed := changedEntries{}
	for _, change := range changes {
		if change.Erased {
			return nil, mail.ErrErased
		}
		one.position = change.ModSeq
		if slices.Contains(one.own, change.ModSeq) {
			continue
		}
		for _, m := range change.Metadata {
			if s.seesMetadata(one.account, m.Mailbox, m.Owner) {
				changed.add(m.Mailbox, metadataName(m.Owner, m.Name))
			}
		}
	}
	one.own = nil
	return changed, nil
}

// compareMetadata finds what has changed where changes were lost.
func (s *session) compareMetadata(one *watchedMetadata) (changedEntries, error) {
	changed := changedEntries{}
	err := one.account.Read(s.context, func(state mail.State) error {
		note := func(mailbox mail.MailboxID) error {
			for m, err := range state.Metadata(mailbox, mail.Shared, s.self()) {
				if err != nil {
					return err
				}
				if m.ModSeq > one.position && !slices.Contains(one.own, m.ModSeq) && s.seesMetadata(one.account, mailbox, m.Owner) {
					changed.add(mailbox, metadataName(m.Owner, m.Name))
				}
			}
			return nil
		}
		if err := note(mail.ServerMetadata); err != nil {
			return err
		}
		for mailbox, err := range state.Mailboxes("") {
			if err == nil {
				err = note(mailbox.ID)
			}
			if err != nil {
				return err
			}
		}
		one.position, one.own = state.ModSeq(), nil
		return nil
	})
	return changed, err
}

// seesMetadata reports whether the user can see an owner's metadata, and wants
// to hear of it. What all users share of the server is in the directory; of
// mailboxes there nobody hears.
func (s *session) seesMetadata(account mail.Account, mailbox mail.MailboxID, owner mail.AccountID) bool {
	return s.dialect.hearsMetadata(mailbox == mail.ServerMetadata) && s.canSeeMetadata(account, mailbox, owner)
}

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

// writeChangedEntries writes METADATA for each mailbox that still exists.
func (s *session) writeChangedEntries(account mail.Account, changed changedEntries) error {
	if len(changed) == 0 {
		return nil
	}
	var all []imap.MetadataData
	err := account.Read(s.context, func(state mail.State) error {
		for _, id := range slices.Sorted(maps.Keys(changed)) {
			data := imap.MetadataData{Entries: slices.Sorted(maps.Keys(changed[id]))}
			if id != mail.ServerMetadata {
				mailbox, err := state.Mailbox(id)
				if errors.Is(err, mail.ErrNoMailbox) {
					continue
				}
				if err != nil {
					return err
				}
				data.Mailbox = mailbox.Name
			}
			all = append(all, data)
		}
		return nil
	})
	for i := range all {
		s.enc.Metadata(&all[i])
	}
	return err
}
