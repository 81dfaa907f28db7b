package imapserver

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// annotationsCode says what annotations the selected mailbox takes (RFC 5257
// §4.1).
func (s *session) annotationsCode() imap.Code {
	if s.mailbox.examined {
		return imap.CodeAnnotations{ReadOnly: true}
	}
	return imap.CodeAnnotations{MaxOctets: mail.AnnotationValueMax}
}

// annotationWishes turns what a client sets into wishes, and reports whether any
// of them is for what all users share.
func (s *session) annotationWishes(entries []imap.AnnotationEntry) (wishes []mail.AnnotationWish, shared bool) {
	for _, entry := range entries {
		for _, attribute := range entry.Attributes {
			wish := mail.AnnotationWish{Value: attribute.Value, Remove: attribute.Value == nil}
			wish.Entry = entry.Entry
			if attribute.Name == imap.AttributeValuePrivate {
				wish.Owner = s.self()
			} else {
				shared = true
			}
			wishes = append(wishes, wish)
		}
	}
	return wishes, shared
}

// storeAnnotations is STORE of ANNOTATION, which is silent by itself (RFC 5257
// §4.5).
func (s *session) storeAnnotations(request imap.StoreRequest, uids imap.UIDSet, write messageWriter) (outcome, error) {
	wish := mail.AnnotateWish{Conditional: request.HasUnchangedSince, UnchangedSince: request.UnchangedSince}
	var shared bool
	wish.Wishes, shared = s.annotationWishes(request.Annotations)
	selection := s.mailbox
	var result mail.FlagsResult
	position, err := selection.account.Commit(s.context, func(state mail.State) (mail.Effects, error) {
		mailbox, err := state.Mailbox(selection.id)
		if err != nil {
			return mail.Effects{}, err
		}
		if err := selection.place.permitAnnotations(mailbox, shared); err != nil {
			return mail.Effects{}, err
		}
		if err := checkParts(state, selection.id, uids, request.Annotations); err != nil {
			return mail.Effects{}, err
		}
		return mail.Annotate(selection.id, uids, wish, &result)(state)
	})
	if err != nil {
		return outcome{}, ignoreGone(err)
	}
	if len(result.Changed) == 0 {
		position = 0 // nothing was written: the position is someone else's
	}
	if err := s.absorb(position); err != nil {
		return outcome{}, err
	}
	request.Silent = true
	if err := s.tellStored(request, uids, &result, write); err != nil {
		return outcome{}, err
	}
	return s.storeOutcome(request, &result)
}

// permitAnnotations says whether the user may set annotations: his own wherever
// he may read, those that are shared by a right of its own (RFC 5257 §3.4).
func (p place) permitAnnotations(mailbox *mail.Mailbox, shared bool) error {
	if shared {
		return p.permit(mailbox, mail.RightAnnotate)
	}
	return p.permit(mailbox, mail.RightRead)
}

// permitNew says whether the user may set the annotations that come with new
// messages (RFC 5257 §4.7).
func (p place) permitNew(mailbox *mail.Mailbox, messages []mail.NewMessage) error {
	for _, m := range messages {
		for _, wish := range m.Annotations {
			if err := p.permitAnnotations(mailbox, wish.Owner == mail.Shared); err != nil {
				return err
			}
		}
	}
	return nil
}

// newAnnotations returns the annotations that come with a new message, whose
// parts they must be about.
func (s *session) newAnnotations(entries []imap.AnnotationEntry, body *mail.Body) ([]mail.AnnotationWish, error) {
	for _, path := range partsOf(entries) {
		if body.Structure.Part(path) == nil {
			return nil, errNoPart
		}
	}
	wishes, _ := s.annotationWishes(entries)
	return wishes, nil
}

// carrying is a decision that copies messages to a place, with those of their
// annotations that the user may set there: what all share and his own, and
// nobody else's (RFC 5257 §4.6).
func (s *session) carrying(to place, decide mail.Decision) mail.Decision {
	return func(state mail.State) (mail.Effects, error) {
		return mail.Carry(s.carriedTo(to, state), decide)(state)
	}
}

// carriedTo says which annotations go along to a place.
func (s *session) carriedTo(to place, state mail.State) (carried mail.Carried) {
	if mailbox, err := to.mailbox(state, 0); err == nil {
		carried.Shared = to.permitAnnotations(mailbox, true) == nil
		if to.permitAnnotations(mailbox, false) == nil {
			carried.Private = s.self()
		}
	}
	return carried
}

// errNoPart refuses an entry of a part that a message does not have (RFC 5257
// §3.2.1).
var errNoPart = bad("A message has no such part")

// partOf returns the path of the part that an entry is about, nil if it is about
// the whole message or is a pattern.
func partOf(entry string) (path []uint32) {
	if len(entry) < 2 || entry[1] < '0' || entry[1] > '9' || strings.ContainsAny(entry, "*%") {
		return nil
	}
	part, _, _ := strings.Cut(entry[1:], "/")
	for _, number := range strings.Split(part, ".") {
		n, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			return nil // the grammar admits none
		}
		path = append(path, uint32(n))
	}
	return path
}

// partsOf returns the parts that entries are about.
func partsOf(entries []imap.AnnotationEntry) (paths [][]uint32) {
	for _, entry := range entries {
		if path := partOf(entry.Entry); path != nil {
			paths = append(paths, path)
		}
	}
	return paths
}

// checkParts demands that all messages have the parts that entries are about.
func checkParts(state mail.State, mailbox mail.MailboxID, uids imap.UIDSet, entries []imap.AnnotationEntry) error {
	paths := partsOf(entries)
	if len(paths) == 0 {
		return nil
	}
	for m, err := range state.Messages(mailbox, uids) {
		if err != nil {
			return err
		}
		structure, err := state.Structure(m.Email)
		if err != nil {
			return err
		}
		for _, path := range paths {
			if structure.Part(path) == nil {
				return errNoPart
			}
		}
	}
	return nil
}

// annotationValues are the values of one entry of a message: what all share, and
// the user's own; nil where there is none.
type annotationValues struct{ shared, private []byte }

func (v annotationValues) attribute(name string) []byte {
	value := v.shared
	if strings.HasSuffix(name, ".priv") {
		value = v.private
	}
	if strings.HasPrefix(name, imap.AttributeSize) {
		return strconv.AppendInt(nil, int64(len(value)), 10)
	}
	return value
}

// visible returns the annotations of one message that the user can see.
func (s *session) visible(annotations []mail.Annotation) map[string]annotationValues {
	entries := map[string]annotationValues{}
	for _, a := range annotations {
		values := entries[a.Entry]
		switch a.Owner {
		case mail.Shared:
			values.shared = a.Value
		case s.self():
			values.private = a.Value
		default:
			continue
		}
		entries[a.Entry] = values
	}
	return entries
}

// answerAnnotations answers what FETCH asks of a message's annotations: an entry
// that is named has its attributes though it does not exist, one that a pattern
// finds if it has a value that was asked for (RFC 5257 §4.3, §4.4).
func answerAnnotations(asked *imap.FetchAnnotation, have map[string]annotationValues) []imap.AnnotationEntry {
	attributes := expandAttributes(asked.Attributes)
	var answer []imap.AnnotationEntry
	seen := map[string]bool{}
	add := func(entry string) {
		if seen[entry] {
			return
		}
		seen[entry] = true
		one := imap.AnnotationEntry{Entry: entry}
		for _, name := range attributes {
			one.Attributes = append(one.Attributes, imap.AnnotationAttribute{Name: name, Value: have[entry].attribute(name)})
		}
		answer = append(answer, one)
	}
	for _, pattern := range asked.Entries {
		if !strings.ContainsAny(pattern, "*%") {
			add(pattern)
			continue
		}
		for _, entry := range slices.Sorted(maps.Keys(have)) {
			if matchEntry(pattern, entry) && hasAny(have[entry], attributes) {
				add(entry)
			}
		}
	}
	return answer
}

// hasAny reports whether one of the attributes is of a value that exists.
func hasAny(values annotationValues, attributes []string) bool {
	return slices.ContainsFunc(attributes, func(name string) bool {
		if strings.HasSuffix(name, ".priv") {
			return values.private != nil
		}
		return values.shared != nil
	})
}

// expandAttributes names both forms where no suffix does, and each once
// (RFC 5257 §3.2.2).
func expandAttributes(names []string) []string {
	var all []string
	for _, name := range names {
		forms := []string{name}
		if name == imap.AttributeValue || name == imap.AttributeSize {
			forms = []string{name + ".priv", name + ".shared"}
		}
		for _, form := range forms {
			if !slices.Contains(all, form) {
				all = append(all, form)
			}
		}
	}
	return all
}
