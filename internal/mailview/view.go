package mailview

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// View is what one client has been told of one mailbox, and what it has not.
type View struct {
	mailbox  mail.MailboxID
	position imap.ModSeq // every change up to here is accounted for
	told     mail.UIDs
	gone     imap.UIDSet // in told, removed, not announced
	fresh    imap.UIDSet // not in told, all larger than any in it
	flags    imap.UIDSet // in told, flags changed, not announced
	// since are the positions before the first change of each of these that
	// is not announced, where there is one.
	since struct{ gone, fresh, flags imap.ModSeq }
}

// New returns the view of a client that is just told of all messages a mailbox
// has at a position.
func New(mailbox mail.MailboxID, position imap.ModSeq, uids mail.UIDs) *View {
	return &View{mailbox: mailbox, position: position, told: uids}
}

// Mailbox returns the mailbox that is viewed.
func (v *View) Mailbox() mail.MailboxID { return v.mailbox }

// Position returns the position up to which changes are accounted for.
func (v *View) Position() imap.ModSeq { return v.position }

// Settled returns the position up to which the client has been told
// everything, once a Sync has told what it may: it lies before the first
// change that is held back (RFC 7162 §3.2).
func (v *View) Settled() imap.ModSeq {
	settled := v.position
	if len(v.gone) > 0 {
		settled = min(settled, v.since.gone)
	}
	if len(v.fresh) > 0 {
		settled = min(settled, v.since.fresh)
	}
	if len(v.flags) > 0 {
		settled = min(settled, v.since.flags)
	}
	return settled
}

// Len returns the number of messages the client knows of.
func (v *View) Len() uint32 { return uint32(v.told.Len()) }

// Last returns the largest UID the client knows of, what "*" stands for in a
// set of UIDs; 0 if there is none.
func (v *View) Last() imap.UID { return v.told.Last() }

// UID returns the UID of a sequence number, if the client knows of it.
func (v *View) UID(seq imap.Seq) (imap.UID, bool) {
	if seq == 0 || int64(seq) > int64(v.told.Len()) {
		return 0, false
	}
	return v.told.At(int(seq) - 1), true
}

// Seq returns the sequence number of a UID, if the client knows of it.
func (v *View) Seq(uid imap.UID) (imap.Seq, bool) {
	position, found := v.told.Position(uid)
	return imap.Seq(position + 1), found
}

// Run is Seq for a reader of ascending UIDs: it also returns the last UID of the
// gapless run that uid is in, whose sequence numbers follow one another.
func (v *View) Run(uid imap.UID) (seq imap.Seq, last imap.UID, known bool) {
	position, last, known := v.told.Run(uid)
	return imap.Seq(position + 1), last, known
}

// Known returns those UIDs of a normal set that the client knows of, also if
// they are gone without its knowledge.
func (v *View) Known(set imap.UIDSet) imap.UIDSet { return v.told.Within(set) }

// All returns every UID the client knows of.
func (v *View) All() imap.UIDSet { return v.told.Set() }

// Gone returns the UIDs that the client still believes in and that are gone.
func (v *View) Gone() imap.UIDSet { return v.gone }

// Fresh returns the UIDs that are there and that the client was not told of.
func (v *View) Fresh() imap.UIDSet { return v.fresh }

// UIDs returns the UIDs of sequence numbers: a normal set, none of which is
// larger than Len.
func (v *View) UIDs(seqs imap.SeqSet) imap.UIDSet {
	spans := make(imap.UIDSet, 0, len(seqs))
	for _, r := range seqs {
		spans = append(spans, imap.Range[imap.UID]{
			Start: v.told.At(int(r.Start) - 1),
			Stop:  v.told.At(int(r.Stop) - 1),
		})
	}
	return v.told.Within(spans.Normal())
}

// Seqs returns the sequence numbers of those UIDs of a normal set that the
// client knows of.
func (v *View) Seqs(set imap.UIDSet) imap.SeqSet {
	var seqs imap.SeqSet
	for _, r := range v.told.Within(set) {
		first, _ := v.told.Position(r.Start)
		span := imap.Range[imap.Seq]{
			Start: imap.Seq(first + 1),
			Stop:  imap.Seq(first+1) + imap.Seq(r.Stop-r.Start),
		}
		if last := len(seqs) - 1; last >= 0 && seqs[last].Stop+1 == span.Start {
			seqs[last].Stop = span.Stop
			continue
		}
		seqs = append(seqs, span)
	}
	return seqs
}
