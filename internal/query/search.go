package query

import (
	"errors"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

// ErrCharset reports a CHARSET that cannot be searched. In IMAP that is NO
// [BADCHARSET] (RFC 9051 §6.4.4).
var ErrCharset = errors.New("query: unknown charset")

// Names says what the words of an IMAP search program stand for in one session
// and mailbox.
type Names struct {
	// Seqs turns sequence numbers, as the client wrote them, into UIDs.
	Seqs func(imap.SeqSet) imap.UIDSet
	// UIDMax is what "*" stands for in a set of UIDs; 0 in an empty mailbox.
	UIDMax imap.UID
	// Saved is the search result variable "$" (RFC 9051 §6.4.4.1).
	Saved imap.UIDSet
	// Recent are the messages that are \Recent in this session.
	Recent imap.UIDSet
	// Now is the time in seconds since 1970, from which OLDER and YOUNGER
	// count back (RFC 5032 §2).
	Now int64
	// Comparator says how strings are compared (RFC 5255 §4.2).
	Comparator Comparator
	// FlagBit returns a flag's number, and false for a keyword that the
	// mailbox does not know, which then is on no message.
	FlagBit func(imap.Flag) (bit uint16, known bool)
	// Annotated returns the messages that an ANNOTATION key matches. nil knows
	// no annotations.
	Annotated func(imap.SearchAnnotation) imap.UIDSet
	// Email returns the content with an EMAILID, and false if
	// there can be none. nil knows none.
	Email func(imap.ObjectID) (id ContentID, known bool)
}

// FromSearch makes a key of a SEARCH program. charset is that of its strings,
// "" for UTF-8.
func FromSearch(key imap.SearchKey, charset string, names Names) (Key, error) {
	if charset != "" && !message.KnownCharset(charset) {
		return nil, ErrCharset
	}
	b := searchBuilder{charset, names}
	return b.key(key), nil
}

type searchBuilder struct {
	charset string
	Names
}

func (b *searchBuilder) key(key imap.SearchKey) Key {
	switch k := key.(type) {
	case imap.SearchAnd:
		return And(b.keys(k.Keys))
	case imap.SearchOr:
		return Or{b.key(k.Left), b.key(k.Right)}
	case imap.SearchFuzzy: // who builds the program has said what it means
		return b.key(k.Key)
	case imap.SearchNot:
		return Not{b.key(k.Key)}
	case imap.SearchSeqs:
		return UIDs{b.Seqs(k.Set)}
	case imap.SearchUIDs:
		return UIDs{k.Set.Resolve(b.UIDMax)}
	case imap.SearchSaved:
		return UIDs{b.Saved}
	case imap.SearchFlag:
		return b.flag(k)
	case imap.SearchText:
		return b.text(k)
	case imap.SearchHeader:
		return Header{k.Field, b.pattern(k.Value)}
	case imap.SearchDate:
		return dateKey(k)
	case imap.SearchWithin:
		return Received{Since: k.Younger, Unix: b.Now - int64(k.Seconds)}
	case imap.SearchEmailID:
		if b.Email != nil {
			if id, known := b.Email(k.ID); known {
				return Email{id}
			}
		}
		return UIDs{}
	case imap.SearchAnnotation:
		return b.annotated(k)
	case imap.SearchFilter: // who builds the program has put its keys in its place
		return None{}
	case imap.SearchThreadID:
		return UIDs{} // RFC 8474 §5.2: without threads nothing matches
	case imap.SearchSaveDates:
		return All{} // every mailbox keeps them
	case imap.SearchSize:
		if k.Larger {
			return Larger{k.Octets}
		}
		return Smaller{k.Octets}
	case imap.SearchModSeq:
		// Entry and scope are ignored where metadata items have no
		// sequences of their own (RFC 7162 §3.1.5).
		return ChangedSince{k.ModSeq}
	}
	return All{}
}

func (b *searchBuilder) keys(list []imap.SearchKey) []Key {
	keys := make([]Key, len(list))
	for i, k := range list {
		keys[i] = b.key(k)
	}
	return keys
}

func (b *searchBuilder) flag(k imap.SearchFlag) Key {
	if k.Flag.Equal(imap.FlagRecent) {
		if k.Absent {
			return Not{UIDs{b.Recent}}
		}
		return UIDs{b.Recent}
	}
	bit, known := b.FlagBit(k.Flag)
	switch {
	case known:
		return HasFlag{bit, k.Absent}
	case k.Absent:
		return All{}
	}
	return None{}
}

func (b *searchBuilder) pattern(text string) Pattern {
	return NewPatternIn(b.Comparator, message.DecodeCharset(text, b.charset))
}

func (b *searchBuilder) text(k imap.SearchText) Key {
	pattern := b.pattern(k.Value)
	switch k.Place {
	case imap.InFrom:
		return Envelope{From, pattern}
	case imap.InTo:
		return Envelope{To, pattern}
	case imap.InCc:
		return Envelope{Cc, pattern}
	case imap.InBcc:
		return Envelope{Bcc, pattern}
	case imap.InSubject:
		return Envelope{Subject, pattern}
	}
	return Text{Pattern: pattern, Headers: k.Place == imap.InText}
}

func dateKey(k imap.SearchDate) Key {
	when, day := When(k.When), DayOf(k.Date)
	switch k.Of {
	case imap.DateSent:
		return SentDate{when, day}
	case imap.DateSaved:
		return SaveDate{when, day}
	}
	return InternalDate{when, day}
}
