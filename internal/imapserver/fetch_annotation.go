package imapserver

import (
	"maps"
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// annotationsOf copies the annotations of a message out of its state.
func (f *fetching) annotationsOf(state mail.State, uid imap.UID) (annotations []mail.Annotation, err error) {
	for a, err := range state.Annotations(f.session.mailbox.id, imap.SetOf(uid)) {
		if err != nil {
			return nil, err
		}
		if a.Owner == mail.Shared || a.Owner == f.session.identity.Account {
			annotations = append(annotations, a)
			f.structures += len(a.Value)
		}
	}
	return annotations, nil
}

// writeAnnotations answers ANNOTATION (RFC 5257 §4.4); of a message without any
// that match there is nothing to say.
func (f *fetching) writeAnnotations(item *imap.FetchItem) {
	if entries := f.answerOf(item); len(entries) > 0 {
		f.w.Annotations(entries)
	}
}

func (f *fetching) answerOf(item *imap.FetchItem) []imap.AnnotationEntry {
	return answerAnnotations(item.Annotation, f.session.visible(f.at.annotations))
}

// hasNothingToSay reports whether a message has no answer to anything that is
// asked: an empty FETCH response does not exist.
func (f *fetching) hasNothingToSay() bool {
	for i := range f.plan.steps {
		item := &f.plan.steps[i].item
		if item.Kind != imap.FetchAnnotations || len(f.answerOf(item)) > 0 {
			return false
		}
	}
	return true
}

// checkFetchedParts refuses entries about a part that none of the messages has
// (RFC 5257 §3.2.1).
func (s *session) checkFetchedParts(items []imap.FetchItem, uids imap.UIDSet) error {
	var paths [][]uint32
	for i := range items {
		if asked := items[i].Annotation; asked != nil {
			for _, entry := range asked.Entries {
				if path := partOf(entry); path != nil {
					paths = append(paths, path)
				}
			}
		}
	}
	if len(paths) == 0 || len(uids) == 0 {
		return nil
	}
	return s.mailbox.account.Read(s.context, func(state mail.State) error {
		for m, err := range s.mailbox.messages(state, uids) {
			if err != nil {
				return err
			}
			structure, err := state.Structure(m.Email)
			if err != nil {
				return ignoreGone(err)
			}
			paths = slices.DeleteFunc(paths, func(path []uint32) bool { return structure.Part(path) != nil })
			if len(paths) == 0 {
				return nil
			}
		}
		return errNoPart
	})
}

// annotatedMessages are messages whose annotations others have changed: the
// entries, by message, that the client is to be told of. A message without
// entries has only another modification sequence.
type annotatedMessages map[imap.UID]map[string]bool

// absorbAnnotations takes note of annotations that others have changed.
func (s *session) absorbAnnotations(m *mail.MessageChange) {
	selection := s.mailbox
	tells := s.wantsAnnotations() && (m.Annotation.Owner == mail.Shared || m.Annotation.Owner == s.self())
	if !tells && !s.dialect.tellsModSeqs() {
		return
	}
	if !tells && s.notify != nil { // the new modification sequence is that of a change of flags
		selection.view.TellFlags(m.UIDs)
		return
	}
	if selection.annotated == nil {
		selection.annotated = annotatedMessages{}
	}
	for uid := range selection.view.Known(m.UIDs).All {
		if selection.annotated[uid] == nil {
			selection.annotated[uid] = map[string]bool{}
		}
		if tells {
			selection.annotated[uid][m.Annotation.Entry] = true
		}
	}
}

// compareAnnotations finds annotations that were changed after a position, or
// removed, where changes were lost, except by the session's own commit. Removals so
// many that they are not kept are not told: RFC 5257 §4.4 says SHOULD.
func (s *session) compareAnnotations(state mail.State, changed imap.UIDSet, after, own imap.ModSeq) error {
	note := func(at imap.ModSeq, uids imap.UIDSet, name mail.AnnotationName) {
		if at > after && at != own && len(uids) > 0 {
			s.absorbAnnotations(&mail.MessageChange{UIDs: uids, Annotation: name})
		}
	}
	for a, err := range state.Annotations(s.mailbox.id, changed) {
		if err != nil {
			return err
		}
		note(a.ModSeq, imap.SetOf(a.UID), a.AnnotationName)
	}
	lapses, _, err := state.Lapses(after)
	for i := range lapses {
		if l := &lapses[i]; l.Mailbox == s.mailbox.id {
			note(l.ModSeq, l.UIDs.Intersect(changed), mail.AnnotationName{Owner: l.Owner, Entry: l.Name})
		}
	}
	return err
}

// tellAnnotations tells which annotations others have changed, and not their
// values (RFC 5257 §4.4). A client that keeps modification sequences hears of
// those in any case.
func (s *session) tellAnnotations() error {
	selection := s.mailbox
	annotated := selection.annotated
	selection.annotated = nil
	if len(annotated) == 0 {
		return nil
	}
	uids := imap.SetOf(slices.Sorted(maps.Keys(annotated))...)
	numbers := seqWalk{view: selection.view}
	plan := s.dialect.messageItems()
	if s.notify != nil { // RFC 5465 §5.1: "which MUST include UID"
		plan = s.dialect.messageItems(imap.FetchUID)
	}
	return selection.account.Read(s.context, func(state mail.State) error {
		for m, err := range state.Marks(selection.id, uids) {
			if err != nil {
				return err
			}
			seq, known := numbers.seq(m.UID)
			entries := slices.Sorted(maps.Keys(annotated[m.UID]))
			if !known || len(plan) == 0 && len(entries) == 0 {
				continue
			}
			s.writeAnnotated(seq, m, plan, entries)
		}
		return nil
	})
}

func (s *session) writeAnnotated(seq imap.Seq, m *mail.Message, items []imap.FetchItem, entries []string) {
	w := s.dialect.beginMessage(s.enc, seq, m.UID)
	for _, item := range items {
		if item.Kind == imap.FetchUID {
			w.UID(m.UID)
		} else {
			s.modSeqTold = max(s.modSeqTold, m.ModSeq)
			w.ModSeq(m.ModSeq)
		}
	}
	if len(entries) > 0 {
		names := make([]imap.AnnotationEntry, len(entries))
		for i, entry := range entries {
			names[i].Entry = entry
		}
		w.Annotations(names)
	}
	w.End()
}
