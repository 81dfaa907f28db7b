package imapserver

import (
	"errors"
	"iter"
	"strconv"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/mailview"
)

// writeMarks answers plans that need nothing but UID, flags and modification
// sequence: what every client asks of every message when it opens a mailbox.
// Lines are made while the state is open, in portions, and sent when it is not.
func (s *session) writeMarks(plan *fetchPlan, uids imap.UIDSet) error {
	lines := markLines{session: s, plan: plan, buffer: s.server.pools.output()}
	lines.byUID = s.dialect.tellsByUID()
	defer func() { s.server.pools.giveOutput(lines.buffer[:0]) }()
	for len(uids) > 0 {
		var last imap.UID
		lines.buffer = lines.buffer[:0]
		err := s.mailbox.account.Read(s.context, func(state mail.State) (err error) {
			last, err = lines.fill(state, uids)
			return err
		})
		if err != nil {
			return err
		}
		s.enc.Octets(lines.buffer)
		if s.enc.Err() != nil || last == 0 {
			return s.enc.Err()
		}
		uids = after(uids, last)
	}
	return nil
}

// after returns the part of a normal set above a UID.
func after(set imap.UIDSet, uid imap.UID) imap.UIDSet {
	for i, r := range set {
		switch {
		case r.Stop <= uid:
		case r.Start > uid:
			return set[i:]
		default:
			rest := append(imap.UIDSet{{Start: uid + 1, Stop: r.Stop}}, set[i+1:]...)
			return rest
		}
	}
	return nil
}

// markLines makes FETCH responses without an allocation for each.
type markLines struct {
	session *session
	plan    *fetchPlan
	byUID   bool // lines are UIDFETCH
	buffer  []byte
	names   flagNames
	numbers seqWalk
}

// fill makes lines until the buffer is nearly full, and returns the last UID
// it looked at, 0 if it came to the end of the set.
func (l *markLines) fill(state mail.State, uids imap.UIDSet) (imap.UID, error) {
	selection := l.session.mailbox
	mailbox, err := state.Mailbox(selection.id)
	if err != nil {
		return 0, ignoreGone(err)
	}
	l.session.tellKeywords(mailbox)
	l.names.reset(mailbox)
	l.numbers = seqWalk{view: selection.view}
	for m, err := range selection.marks(state, uids) {
		if err != nil {
			return 0, err
		}
		if l.append(m); len(l.buffer) > outputSize-markLineMax {
			return m.UID, nil
		}
	}
	return 0, nil
}

// markLineMax is more than a line takes, unless a message has very many
// keywords; then the buffer grows.
const markLineMax = 2048

// ignoreGone passes over the disappearance of a mailbox, which sync tells.
func ignoreGone(err error) error {
	if errors.Is(err, mail.ErrNoMailbox) {
		return nil
	}
	return err
}

// marks reads messages that the client knows of: also those that are gone
// without its knowledge, if there can be any.
func (m *selection) marks(state mail.State, uids imap.UIDSet) iter.Seq2[*mail.Message, error] {
	if m.mayLack(state, uids) {
		return state.Readable(m.id, uids)
	}
	return state.Marks(m.id, uids)
}

// mayLack reports whether some of the messages may be gone from the state
// although the client knows of them.
func (m *selection) mayLack(state mail.State, uids imap.UIDSet) bool {
	return state.ModSeq() > m.view.Position() || len(m.view.Gone()) > 0 && len(m.view.Gone().Intersect(uids)) > 0
}

func (l *markLines) append(m *mail.Message) {
	seq, known := l.numbers.seq(m.UID)
	if !known {
		return
	}
	b := append(l.buffer, "* "...)
	if l.byUID {
		b = strconv.AppendUint(b, uint64(m.UID), 10)
		b = append(b, " UIDFETCH ("...)
	} else {
		b = strconv.AppendUint(b, uint64(seq), 10)
		b = append(b, " FETCH ("...)
	}
	for i := range l.plan.steps {
		if i > 0 {
			b = append(b, ' ')
		}
		switch l.plan.steps[i].item.Kind {
		case imap.FetchUID:
			b = append(b, "UID "...)
			b = strconv.AppendUint(b, uint64(m.UID), 10)
		case imap.FetchFlags:
			b = append(b, "FLAGS "...)
			b = append(b, l.names.list(m.Flags, l.session.isRecent(m.UID))...)
		case imap.FetchModSeq:
			l.session.modSeqTold = max(l.session.modSeqTold, m.ModSeq)
			b = append(b, "MODSEQ ("...)
			b = strconv.AppendUint(b, uint64(m.ModSeq), 10)
			b = append(b, ')')
		}
	}
	l.buffer = append(b, ")\r\n"...)
}

// isRecent reports whether a message is \Recent in this session.
func (s *session) isRecent(uid imap.UID) bool {
	return len(s.mailbox.recent) > 0 && s.mailbox.recent.Contains(uid)
}

// seqWalk finds the sequence numbers of ascending UIDs: neighbours have
// neighbouring numbers, and only gaps cost a search.
type seqWalk struct {
	view        *mailview.View
	first, last imap.UID // a gapless run, whose first has the number at
	at          imap.Seq
}

func (w *seqWalk) seq(uid imap.UID) (imap.Seq, bool) {
	if uid >= w.first && uid <= w.last {
		return w.at + imap.Seq(uid-w.first), true
	}
	at, last, known := w.view.Run(uid)
	if known {
		w.first, w.last, w.at = uid, last, at
	}
	return at, known
}

// flagNames writes flag lists of one mailbox and remembers the last: in most
// mailboxes most messages have the same.
type flagNames struct {
	mailbox *mail.Mailbox
	valid   bool
	flags   mail.Flags
	recent  bool
	text    []byte
}

// reset begins with another state of the mailbox; what a bit means never
// changes, but bits may have come to mean something.
func (n *flagNames) reset(mailbox *mail.Mailbox) { n.mailbox, n.valid = mailbox, false }

// list returns the flags in parentheses, valid until the next call.
func (n *flagNames) list(flags mail.Flags, recent bool) []byte {
	if n.valid && n.flags == flags && n.recent == recent {
		return n.text
	}
	n.valid, n.flags, n.recent = true, flags, recent
	n.text = append(n.text[:0], '(')
	for bit := range flags.Bits() {
		if flag, ok := n.mailbox.Flag(bit); ok {
			if len(n.text) > 1 {
				n.text = append(n.text, ' ')
			}
			n.text = append(n.text, flag...)
		}
	}
	if recent {
		if len(n.text) > 1 {
			n.text = append(n.text, ' ')
		}
		n.text = append(n.text, imap.FlagRecent...)
	}
	n.text = append(n.text, ')')
	return n.text
}
