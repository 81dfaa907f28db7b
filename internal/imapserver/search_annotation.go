package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
	"github.com/restante/restante/internal/query"
)

// annotationReader reads what keys and sort criteria ask of annotations, each
// question once for all messages. Its error tells that an answer is not whole.
type annotationReader struct {
	session    *session
	state      mail.State
	mailbox    *mail.Mailbox
	uids       imap.UIDSet
	comparator query.Comparator
	sorted     map[imap.SortKey]map[imap.UID]string
	err        error
}

// each calls use with the values of the attribute that the user can see.
func (r *annotationReader) each(attribute string, use func(mail.Annotation)) {
	if r.mailbox.Annotations == 0 {
		return
	}
	for a, err := range r.state.Annotations(r.mailbox.ID, r.uids) {
		if err != nil {
			r.err = err
			return
		}
		switch {
		case a.Owner == mail.Shared && attribute != imap.AttributeValuePrivate,
			a.Owner == r.session.identity.Account && attribute != imap.AttributeValueShared:
			use(a)
		}
	}
}

// matching returns the messages that a key matches (RFC 5257 §4.8).
func (r *annotationReader) matching(key imap.SearchAnnotation) (found imap.UIDSet) {
	pattern := query.NewPatternIn(r.comparator, string(key.Value))
	r.each(key.Attribute, func(a mail.Annotation) {
		if !found.Contains(a.UID) && matchEntry(key.Entry, a.Entry) && pattern.In(annotationText(a.Value)) {
			found = found.Add(a.UID)
		}
	})
	return found
}

// value returns what a sort criterion compares (RFC 5257 §4.9).
func (r *annotationReader) value(uid imap.UID, key imap.SortKey) string {
	key.Reverse = false
	values, known := r.sorted[key]
	if !known {
		values = map[imap.UID]string{}
		r.each(key.Attribute, func(a mail.Annotation) {
			if a.Entry == key.Entry {
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
