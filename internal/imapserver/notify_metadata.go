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
		wanted, event := s.notify.events, imap.NotifyServerMetadataChange
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
			if at.permit(mailbox, mail.RightLookup|mail.RightRead) != nil {
				continue
			}
		}
		if wanted.Has(event) {
			lines = append(lines, notice{metadata: &data})
		}
	}
	return lines, nil
}
