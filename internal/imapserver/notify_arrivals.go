package imapserver

import (
	"errors"
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// tellArrivals tells what is wanted of messages that have just been announced, and
// how the results that are kept up to date have changed. What a result wants of them
// precedes its ESEARCH (RFC 5465 §7); what NOTIFY alone wants follows it (§5.2). Where
// both want something, one response says it, which must precede.
func (s *session) tellArrivals(arrived imap.UIDSet) error {
	changes, err := s.updateContexts()
	if err != nil {
		return err
	}
	// What the client has brought itself, it knows (RFC 5465 §5.2).
	others := arrived.Minus(s.mailbox.ownArrived)
	s.mailbox.ownArrived = s.mailbox.ownArrived.Minus(arrived)
	parts := s.arrivalParts(others, changes)
	if err := s.tellParts(parts, true); err != nil {
		return err
	}
	for _, change := range changes {
		s.tellUpdates(change.context, change.updates)
	}
	return s.tellParts(parts, false)
}

// tellParts tells what results want of messages, or what they do not.
func (s *session) tellParts(parts []arrivalPart, ofResults bool) error {
	for _, part := range parts {
		if part.ofResult != ofResults {
			continue
		}
		if err := s.writeUnasked(part.items, part.uids); err != nil {
			return err
		}
	}
	return nil
}

// arrivalPart is messages of which the same is told.
type arrivalPart struct {
	uids     imap.UIDSet
	items    []imap.FetchItem
	ofResult bool // a result wants some of the items
}

// arrivalParts says what is told of each new message: what NOTIFY and the results
// that it came to want, in one response (RFC 5465 §5.2).
func (s *session) arrivalParts(arrived imap.UIDSet, changes []contextChange) []arrivalPart {
	if len(arrived) == 0 {
		return nil
	}
	parts := []arrivalPart{{uids: arrived}}
	if s.notify != nil && s.notify.selected.Has(imap.NotifyMessageNew) {
		parts[0].items = s.notify.items
	}
	for _, change := range changes {
		if len(change.context.items) > 0 {
			parts = splitParts(parts, change.added, change.context.items)
		}
	}
	return slices.DeleteFunc(parts, func(p arrivalPart) bool { return len(p.items) == 0 })
}

// splitParts adds items to what is told of some messages.
func splitParts(parts []arrivalPart, added imap.UIDSet, items []imap.FetchItem) []arrivalPart {
	var split []arrivalPart
	for _, part := range parts {
		if within := part.uids.Intersect(added); len(within) > 0 {
			split = append(split, arrivalPart{within, slices.Concat(part.items, items), true})
		}
		if rest := part.uids.Minus(added); len(rest) > 0 {
			split = append(split, arrivalPart{rest, part.items, part.ofResult})
		}
	}
	return split
}

// writeUnasked answers a FETCH that the client asked for beforehand. Nobody has
// read the messages: \Seen is not set, whatever the items are. What cannot be
// answered is left out, because there is no command that could fail.
func (s *session) writeUnasked(items []imap.FetchItem, uids imap.UIDSet) error {
	plan := compileFetch(s.dialect.arrivalItems(items))
	plan.seen = false
	if len(plan.binary) == 0 {
		return ignoreUnanswered(s.writeMessages(plan, uids))
	}
	for uid := range uids.All { // one that cannot be decoded stops no other
		if err := ignoreUnanswered(s.writeMessages(plan, imap.SetOf(uid))); err != nil {
			return err
		}
	}
	return nil
}

// ignoreUnanswered passes over errors by which a FETCH would fail and after which
// the session goes on.
func ignoreUnanswered(err error) error {
	if err == nil || errors.Is(err, mail.ErrErased) || explain(err).status != imap.StatusNo {
		return err
	}
	return nil
}
