package query

import "github.com/restante/restante/imap"

// annotated is the set of the messages that a key matches. NIL matches those
// that the same key with an empty string does not: none of the values that it
// names exists there (RFC 5257 §4.8).
func (b *searchBuilder) annotated(k imap.SearchAnnotation) Key {
	if k.Value != nil {
		return UIDs{b.annotatedSet(k)}
	}
	k.Value = []byte{}
	return Not{UIDs{b.annotatedSet(k)}}
}

func (b *searchBuilder) annotatedSet(k imap.SearchAnnotation) imap.UIDSet {
	if b.Annotated == nil {
		return nil
	}
	return b.Annotated(k)
}

// In reports whether a text in UTF-8 contains the pattern.
func (p Pattern) In(text string) bool { return new(scratch).containsText(p, text) }
