package imapserver

import (
	"errors"
	"maps"
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// takeMetadataNews takes note of entries that a change gave other values or took
// away, as far as the user can see them.
func (s *session) takeMetadataNews(at place, news *news, change *mail.Change) {
	for _, m := range change.Metadata {
		if s.canSeeMetadata(at.account, m.Mailbox, m.Owner) {
			news.metadata.add(m.Mailbox, metadataName(m.Owner, m.Name))
		}
	}
}

// metadataNews names the entries that have changed, and not their values
// (RFC 5465 §5.6, §5.7). Nobody needs ENABLE for it.
func (s *session) metadataNews(state mail.State, at place, news *news) ([]notice, error) {
	var lines []notice
	for _, id := range slices.Sorted(maps.Keys(news.metadata)) {
		data := imap.MetadataData{Entries: slices.Sorted(maps.Keys(news.metadata[id]))}
		wanted, event := s.heard().events, imap.NotifyServerMetadataChange
		if id != mail.ServerMetadata {
			mailbox, err := state.Mailbox(id)
			if errors.Is(err, mail.ErrNoMailbox) {
				continue
			}
			if err == nil {
				data.Mailbox, event = at.shown(mailbox.Name), imap.NotifyMailboxMetadataChange
				wanted, err = s.wanted(state, at, mailbox.Name)
			}
			if err != nil {
				return nil, err
			}
			if !s.mayHearMetadata(at, mailbox) {
				continue
			}
		}
		if wanted.Has(event) {
			lines = append(lines, notice{metadata: &data})
		}
	}
	return lines, nil
}

// mayHearMetadata reports whether the user may read a mailbox's metadata
// (RFC 5464 §3.3). Of a mailbox that NOTIFY calls \NoAccess nothing is told
// (RFC 5465 §3.1).
func (s *session) mayHearMetadata(at place, mailbox *mail.Mailbox) bool {
	need := mail.RightLookup
	if !s.heard().onlyMetadata {
		need |= mail.RightRead
	}
	return !s.heard().hasLeft(at) && at.permit(mailbox, need) == nil && at.permitMetadata(mailbox) == nil
}

// compareMetadata takes note of the entries that have changed after a position,
// where changes were lost: those that have another value, those that were removed,
// and special uses. errNotifyLost if there were too many.
func (s *session) compareMetadata(state mail.State, account mail.Account, after imap.ModSeq, news *news) error {
	add := func(mailbox mail.MailboxID, owner mail.AccountID, name string, at imap.ModSeq) {
		if at > after && !s.isOwn(account, at) && s.canSeeMetadata(account, mailbox, owner) {
			news.metadata.add(mailbox, metadataName(owner, name))
		}
	}
	values := func(mailbox mail.MailboxID) error {
		for m, err := range state.Metadata(mailbox, mail.Shared, s.self()) {
			if err != nil {
				return err
			}
			add(mailbox, m.Owner, m.Name, m.ModSeq)
		}
		return nil
	}
	if err := values(mail.ServerMetadata); err != nil {
		return err
	}
	for mailbox, err := range state.Mailboxes("") {
		if err == nil && mailbox.HighestModSeq > after {
			err = values(mailbox.ID)
		}
		if err != nil {
			return err
		}
	}
	lapses, complete, err := state.Lapses(after)
	for i := range lapses {
		if l := &lapses[i]; len(l.UIDs) == 0 {
			add(l.Mailbox, l.Owner, l.Name, l.ModSeq)
		}
	}
	if err == nil && !complete {
		err = errNotifyLost
	}
	return err
}
