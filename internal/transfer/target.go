package transfer

import (
	"errors"
	"strings"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// usesByName are the special uses that names stand for with common servers
// and mail programs, in lower case (RFC 6154 §2).
var usesByName = map[string]imap.MailboxAttr{
	"archive": imap.AttrArchive, "archives": imap.AttrArchive,
	"draft": imap.AttrDrafts, "drafts": imap.AttrDrafts,
	"junk": imap.AttrJunk, "junk e-mail": imap.AttrJunk, "junk mail": imap.AttrJunk, "spam": imap.AttrJunk,
	"sent": imap.AttrSent, "sent items": imap.AttrSent, "sent mail": imap.AttrSent, "sent messages": imap.AttrSent,
	"trash": imap.AttrTrash, "deleted": imap.AttrTrash, "deleted items": imap.AttrTrash, "deleted messages": imap.AttrTrash,
}

// target is the mailbox that a folder becomes.
type target struct {
	id mail.MailboxID
	// keepUIDs says that the mailbox has the UIDVALIDITY of the source, so
	// that its UIDs can be kept.
	keepUIDs bool
	next     imap.UID
}

// prepare makes the mailbox of a folder if it is missing, and gives an empty
// one the UIDVALIDITY of the source.
func prepare(f *folder, now time.Time, to *target) mail.Decision {
	return func(state mail.State) (mail.Effects, error) {
		*to = target{}
		box, err := state.MailboxNamed(f.name)
		if errors.Is(err, mail.ErrNoMailbox) {
			return prepareNew(state, f, now, to)
		}
		if err != nil {
			return mail.Effects{}, err
		}
		to.id, to.next = box.ID, box.UIDNext
		to.keepUIDs = f.validity != 0 && box.UIDValidity == f.validity
		if f.validity == 0 || box.Messages > 0 || to.keepUIDs {
			return mail.Effects{}, nil
		}
		to.keepUIDs, to.next = true, 1
		return mail.Effects{Records: []mail.Record{mail.MailboxRenumbered{ID: box.ID, UIDValidity: f.validity, UIDNext: 1}}}, nil
	}
}

func prepareNew(state mail.State, f *folder, now time.Time, to *target) (mail.Effects, error) {
	use, err := useFor(state, f.name)
	if err != nil {
		return mail.Effects{}, err
	}
	effects, err := mail.CreateMailbox(f.name, use, now, &to.id)(state)
	if err != nil {
		return effects, err
	}
	to.next, effects.BeyondQuota = 1, true
	if f.validity == 0 {
		return effects, nil
	}
	for i, record := range effects.Records {
		if created, ok := record.(mail.MailboxCreated); ok && created.ID == to.id {
			created.UIDValidity = f.validity
			effects.Records[i] = created
			to.keepUIDs = true
		}
	}
	return effects, nil
}

// useFor returns the special use that a name stands for, unless a mailbox has
// it already: of Sent and Sent Items only one can be where sent mail goes.
func useFor(state mail.State, name string) ([]imap.MailboxAttr, error) {
	use, ok := usesByName[strings.ToLower(name)]
	if !ok {
		return nil, nil
	}
	for box, err := range state.Mailboxes("") {
		if err != nil {
			return nil, err
		}
		if box.HasUse(use) {
			return nil, nil
		}
	}
	return []imap.MailboxAttr{use}, nil
}

// subscribe subscribes names that are not subscribed yet, in one commit.
func subscribe(names []string) mail.Decision {
	return func(state mail.State) (effects mail.Effects, err error) {
		have := map[string]bool{}
		for name, err := range state.Subscriptions() {
			if err != nil {
				return effects, err
			}
			have[name] = true
		}
		for _, name := range names {
			if !have[name] {
				have[name] = true
				effects.Records = append(effects.Records, mail.SubscriptionChanged{Name: name, Subscribed: true})
			}
		}
		return effects, nil
	}
}
