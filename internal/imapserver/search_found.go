package imapserver

import (
	"github.com/restante/restante/imap"
)

// found is what a search found.
type found struct {
	uids imap.UIDSet
	// modSeqs are the modification sequences of uids, in their order, if they
	// were asked for.
	modSeqs []imap.ModSeq
	// order are the same messages in the order that SORT wants; nil if that
	// of the mailbox is wanted.
	order []imap.UID
	// processed are the messages that were looked at, if the limit of messages
	// kept the search from others; nil if it did not.
	processed imap.UIDSet
	// scores are how relevant the messages are, if that was asked for.
	scores map[imap.UID]uint8
}

func (f *found) count() int { return int(f.uids.Count()) }

// at returns the message at a place of the result, from zero on.
func (f *found) at(place int) imap.UID {
	if f.order != nil {
		return f.order[place]
	}
	return f.uids.Slice(place, place+1)[0].Start
}

// slice returns a part of the result, as a normal set.
func (f *found) slice(from, to int) imap.UIDSet {
	if f.order != nil {
		return imap.SetOf(f.order[from:to]...)
	}
	return f.uids.Slice(from, to)
}

// referenced returns the messages that an answer with these options speaks of,
// which is also what "$" becomes: all that was found, unless only the ends or a
// part were asked for (RFC 9051 §6.4.4.1, RFC 9394 §3.2).
func (f *found) referenced(options imap.SearchReturn) imap.UIDSet {
	count := f.count()
	narrow := options.Min || options.Max || !options.Partial.IsZero()
	if count == 0 || options.All || options.Count || !narrow {
		return f.uids
	}
	var set imap.UIDSet
	if !options.Partial.IsZero() {
		set = f.slice(options.Partial.Places(count))
	}
	if options.Min {
		set = set.Union(imap.SetOf(f.at(0)))
	}
	if options.Max {
		set = set.Union(imap.SetOf(f.at(count - 1)))
	}
	return set
}

// modSeq returns the highest modification sequence of the messages that an
// answer speaks of, 0 if it was not asked for (RFC 7162 §3.1.10).
func (f *found) modSeq(options imap.SearchReturn) imap.ModSeq {
	if len(f.modSeqs) == 0 {
		return 0
	}
	highest, place := imap.ModSeq(0), 0
	told := f.referenced(options)
	for uid := range f.uids.All {
		if told.Contains(uid) {
			highest = max(highest, f.modSeqs[place])
		}
		place++
	}
	return highest
}
