package imapserver

import (
	"github.com/restante/restante/imap"
)

// savedSearch is the search result variable "$" (RFC 9051 §6.4.4.1). Without a
// saved result it is empty.
type savedSearch struct{ uids imap.UIDSet }

// remove takes messages out that are gone (RFC 9051 §6.4.4.1).
func (v *savedSearch) remove(gone imap.UIDSet) {
	if len(v.uids) > 0 {
		v.uids = v.uids.Minus(gone)
	}
}

// resolve turns the messages that a command names into UIDs: its first line.
// What the client does not know of is passed over if it named UIDs
// (RFC 9051 §6.4.9), and a mistake if it named numbers (§9, seq-number).
func (s *session) resolve(messages imap.MessageSet) (imap.UIDSet, error) {
	view := s.mailbox.view
	switch {
	case messages.Saved:
		return view.Known(s.saved.uids), nil
	case messages.ByUID:
		return view.Known(messages.UIDs.Resolve(view.Last())), nil
	}
	seqs, err := s.resolveSeqs(messages.Seqs)
	if err != nil {
		return nil, err
	}
	return view.UIDs(seqs), nil
}

// resolveSeqs returns the normal set of sequence numbers.
func (s *session) resolveSeqs(set imap.SeqSet) (imap.SeqSet, error) {
	largest := imap.Seq(s.mailbox.view.Len())
	seqs := set.Resolve(largest)
	if len(seqs) == 0 || seqs[len(seqs)-1].Stop > largest || largest == 0 {
		return nil, bad("No message has such a number")
	}
	return seqs, nil
}
