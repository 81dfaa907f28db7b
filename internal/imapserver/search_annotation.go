package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
	"github.com/restante/restante/internal/query"
)

// annotationReader reads what keys and sort criteria ask of annotations. Its error
// tells that an answer is not whole.
type annotationReader struct {
	session    *session
	state      mail.State
	mailbox    *mail.Mailbox
	uids       imap.UIDSet
	comparator query.Comparator
	found      map[annotationQuestion]imap.UIDSet
	sorted     map[imap.SortKey]map[imap.UID]string
	err        error
}

// annotationQuestion is what a key asks: in which messages a value that a pattern of
// entries and an attribute name holds a text.
type annotationQuestion struct{ entries, attribute, text string }

func questionOf(key imap.SearchAnnotation) annotationQuestion {
	return annotationQuestion{key.Entry, key.Attribute, string(key.Value)}
}

// sees reports whether a value is the attribute's, and one that the user can see.
func (r *annotationReader) sees(a *mail.Annotation, attribute string) bool {
	return a.Owner == mail.Shared && attribute != imap.AttributeValuePrivate ||
		a.Owner == r.session.identity.Account && attribute != imap.AttributeValueShared
}

// each calls use with all values.
func (r *annotationReader) each(use func(*mail.Annotation)) {
	if r.mailbox.Annotations == 0 {
		return
	}
	for a, err := range r.state.Annotations(r.mailbox.ID, r.uids) {
		if err != nil {
			r.err = err
			return
		}
		use(&a)
	}
}

// matching returns the messages that a key matches (RFC 5257 §4.8).
func (r *annotationReader) matching(key imap.SearchAnnotation) imap.UIDSet {
	r.look(key)
	return r.found[questionOf(key)]
}

// look answers all keys within a key that are about annotations, in one scan.
func (r *annotationReader) look(key imap.SearchKey) {
	asked := map[string][]annotationQuestion{} // by entries
	eachAnnotationKey(key, func(k imap.SearchAnnotation) {
		question := questionOf(k)
		if _, known := r.found[question]; known {
			return
		}
		if r.found == nil {
			r.found = map[annotationQuestion]imap.UIDSet{}
		}
		r.found[question] = nil
		asked[k.Entry] = append(asked[k.Entry], question)
	})
	if len(asked) == 0 {
		return
	}
	patterns := map[string]query.Pattern{}
	r.each(func(a *mail.Annotation) {
		text, isText := "", false
		for entries, questions := range asked {
			if !matchEntry(entries, a.Entry) {
				continue
			}
			for _, question := range questions {
				if !r.sees(a, question.attribute) || r.found[question].Contains(a.UID) {
					continue
				}
				if !isText {
					text, isText = annotationText(a.Value), true
				}
				pattern, known := patterns[question.text]
				if !known {
					pattern = query.NewPatternIn(r.comparator, question.text)
					patterns[question.text] = pattern
				}
				if pattern.In(text) {
					r.found[question] = r.found[question].Add(a.UID)
				}
			}
		}
	})
}

// eachAnnotationKey calls use with the keys about annotations within a lowered key.
func eachAnnotationKey(key imap.SearchKey, use func(imap.SearchAnnotation)) {
	switch k := key.(type) {
	case imap.SearchAnd:
		for _, inner := range k.Keys {
			eachAnnotationKey(inner, use)
		}
	case imap.SearchOr:
		eachAnnotationKey(k.Left, use)
		eachAnnotationKey(k.Right, use)
	case imap.SearchNot:
		eachAnnotationKey(k.Key, use)
	case imap.SearchFuzzy:
		eachAnnotationKey(k.Key, use)
	case imap.SearchAnnotation:
		use(k)
	}
}

// value returns what a sort criterion compares (RFC 5257 §4.9).
func (r *annotationReader) value(uid imap.UID, key imap.SortKey) string {
	key.Reverse = false
	values, known := r.sorted[key]
	if !known {
		values = map[imap.UID]string{}
		r.each(func(a *mail.Annotation) {
			if a.Entry == key.Entry && r.sees(a, key.Attribute) {
				values[a.UID] = annotationText(a.Value)
			}
		})
		if r.sorted == nil {
			r.sorted = map[imap.SortKey]map[imap.UID]string{}
		}
		r.sorted[key] = values
	}
	return values[uid]
}

// annotationText returns a value as text: it should be UTF-8 (RFC 5257 §3.2.2).
func annotationText(value []byte) string { return message.DecodeCharset(string(value), "UTF-8") }
