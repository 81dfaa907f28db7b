package imapserver

import (
	"errors"
	"iter"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
)

// fetching is a FETCH under way: the message at hand, and what it needs.
type fetching struct {
	session *session
	plan    *fetchPlan
	enc     *imapwire.Encoder
	bodies  mail.BodyReader
	names   flagNames
	numbers seqWalk

	batch []fetchedMessage
	// structures is about how many octets the structures of the batch take.
	structures int
	// touched are the messages of the batch that became \Seen by being read.
	touched imap.UIDSet

	at      *fetchedMessage
	w       imapwire.FetchWriter
	body    mail.StoredBody
	octets  []byte // all of the body, if it is at hand
	scratch []byte

	missing bool // some messages are gone
	damaged error
}

// fetchedMessage is what is kept of a message when its state is let go.
type fetchedMessage struct {
	meta        mail.Message
	structure   *message.Structure
	annotations []mail.Annotation
}

// writeMessages writes a FETCH response for each message that the set names.
// Errors that concern single messages do not stop the others; they are
// returned when all is written.
func (s *session) writeMessages(plan *fetchPlan, uids imap.UIDSet) error {
	if plan.marksOnly() {
		return s.writeMarks(plan, uids)
	}
	f := &fetching{session: s, plan: plan, enc: s.enc}
	if plan.needs&needsOctets != 0 {
		f.bodies = s.mailbox.account.Bodies()
		defer f.bodies.Close()
	}
	for len(uids) > 0 {
		last, err := f.load(uids)
		if err != nil {
			return err
		}
		if err := f.writeBatch(); err != nil {
			return err
		}
		if last == 0 {
			break
		}
		uids = after(uids, last)
	}
	switch {
	case f.damaged != nil:
		return f.damaged
	case f.missing:
		return mail.ErrNoMessage
	}
	return nil
}

// load reads the next portion of messages from the newest state, and returns
// the last UID of it, 0 if there are no more.
func (f *fetching) load(uids imap.UIDSet) (last imap.UID, err error) {
	selection := f.session.mailbox
	f.batch, f.structures = f.batch[:0], 0
	err = selection.account.Read(f.session.context, func(state mail.State) error {
		mailbox, err := state.Mailbox(selection.id)
		if err != nil {
			return ignoreGone(err)
		}
		f.names.reset(mailbox)
		f.session.tellKeywords(mailbox)
		f.numbers = seqWalk{view: selection.view}
		for m, err := range selection.messages(state, uids) {
			if err != nil {
				return err
			}
			if err := f.keep(state, m); err != nil {
				return err
			}
			if len(f.batch) == fetchPortion || f.structures >= fetchPortionStructures {
				last = m.UID
				return nil
			}
		}
		return nil
	})
	if err == nil && f.plan.seen && !selection.examined {
		f.markSeen()
	}
	return last, err
}

// messages is marks for plans that need more than marks.
func (m *selection) messages(state mail.State, uids imap.UIDSet) iter.Seq2[*mail.Message, error] {
	if m.mayLack(state, uids) {
		return state.Readable(m.id, uids)
	}
	return state.Messages(m.id, uids)
}

// keep copies a message out of its state.
func (f *fetching) keep(state mail.State, m *mail.Message) (err error) {
	kept := fetchedMessage{meta: *m}
	if f.plan.needs&needsStructure != 0 {
		kept.structure, err = state.Structure(m.Email)
		if errors.Is(err, mail.ErrNoMessage) {
			f.missing = true
			return nil
		}
		if err == nil {
			f.structures += kept.structure.MemoryMax()
		}
	}
	if err == nil && f.plan.needs&needsAnnotations != 0 {
		kept.annotations, err = f.annotationsOf(state, m.UID)
	}
	f.batch = append(f.batch, kept)
	return err
}

// markSeen sets \Seen on the messages of the batch that lack it
// (RFC 9051 §6.4.5). A full store does not keep anyone from reading.
func (f *fetching) markSeen() {
	f.touched = nil
	var unseen imap.UIDSet
	for i := range f.batch {
		if m := &f.batch[i].meta; !m.Flags.Has(mail.BitSeen) && m.Removed == 0 && f.decodes(&f.batch[i]) {
			unseen = unseen.Add(m.UID)
		}
	}
	if len(unseen) == 0 {
		return
	}
	var result mail.FlagsResult
	wish := mail.FlagsWish{Op: mail.AddFlags, Flags: []imap.Flag{imap.FlagSeen}, By: f.session.mailbox.by()}
	s := f.session
	position, err := s.mailbox.account.Commit(s.context, mail.ChangeFlags(s.mailbox.id, unseen, wish, &result))
	if errors.Is(err, mail.ErrNotPermitted) {
		return // RFC 4314 §4: FETCH does not set it then
	}
	if err != nil {
		s.log.Warn("cannot mark as seen", "error", err.Error())
		return
	}
	if err := s.absorb(position); err != nil {
		f.damaged = err
	}
	f.touched = result.Changed
	for i := range f.batch {
		if m := &f.batch[i].meta; f.touched.Contains(m.UID) {
			m.Flags, m.ModSeq = m.Flags.With(mail.BitSeen), position
		}
	}
}

func (f *fetching) writeBatch() error {
	for i := range f.batch {
		f.at = &f.batch[i]
		if err := f.writeMessage(); err != nil {
			return err
		}
		if err := f.enc.Err(); err != nil {
			return err
		}
	}
	return nil
}

// writeMessage writes the FETCH response of one message, or none if it cannot
// be answered. The error ends the command.
func (f *fetching) writeMessage() error {
	seq, known := f.numbers.seq(f.at.meta.UID)
	if !known {
		return nil
	}
	if f.bodies != nil {
		if err := f.open(); err != nil {
			return f.passOver(err)
		}
		if err := f.checkEncodings(); err != nil {
			return err
		}
	}
	if f.plan.needs&needsAnnotations != 0 && f.hasNothingToSay() {
		return nil
	}
	f.w = f.session.dialect.beginMessage(f.enc, seq, f.at.meta.UID)
	for i := range f.plan.steps {
		f.plan.steps[i].write(f, &f.plan.steps[i].item)
	}
	if len(f.touched) > 0 && f.touched.Contains(f.at.meta.UID) {
		f.writeTouched()
	}
	f.w.End()
	return nil
}

// writeTouched tells the flags of a message that became \Seen by this command,
// with what the dialect tells beside flags (RFC 7162 §3.2.4).
func (f *fetching) writeTouched() {
	for _, item := range f.session.dialect.messageItems(imap.FetchFlags) {
		switch {
		case item.Kind == imap.FetchFlags && !f.plan.flags:
			f.writeFlags(&item)
		case item.Kind == imap.FetchUID && !f.plan.uid:
			f.writeUID(&item)
		case item.Kind == imap.FetchModSeq && !f.plan.modSeq:
			f.writeModSeq(&item)
		}
	}
}

// open finds the octets of the message.
func (f *fetching) open() (err error) {
	if f.body, err = f.bodies.Open(f.at.meta.Body); err == nil {
		f.octets, err = f.body.Bytes()
	}
	return err
}

// passOver goes on without a message that is gone or damaged, so that it does
// not keep the client from the others.
func (f *fetching) passOver(err error) error {
	switch {
	case errors.Is(err, mail.ErrNoMessage):
		f.missing = true
	case errors.Is(err, mail.ErrCorrupt):
		f.session.log.Error("damaged message", "uid", uint32(f.at.meta.UID), "error", err.Error())
		f.damaged = err
	default:
		return err
	}
	return nil
}

func (f *fetching) writeUID(*imap.FetchItem) { f.w.UID(f.at.meta.UID) }

func (f *fetching) writeFlags(item *imap.FetchItem) {
	m := &f.at.meta
	f.w.Item(item).Octets(f.names.list(m.Flags, f.session.isRecent(m.UID)))
}

func (f *fetching) writeModSeq(*imap.FetchItem) {
	f.session.modSeqTold = max(f.session.modSeqTold, f.at.meta.ModSeq)
	f.w.ModSeq(f.at.meta.ModSeq)
}

func (f *fetching) writeInternalDate(*imap.FetchItem) {
	at := f.at.meta.InternalDate
	f.w.InternalDate(imap.DateTime{Unix: at.Unix, ZoneMinutes: at.ZoneMinutes})
}

// writeSaveDate tells when the message came into this mailbox, in UTC
// (RFC 8514 §3).
func (f *fetching) writeSaveDate(*imap.FetchItem) {
	f.w.SaveDate(imap.DateTime{Unix: f.at.meta.SaveDate})
}

func (f *fetching) writeSize(*imap.FetchItem) { f.w.Size(uint64(f.at.meta.Size)) }

func (f *fetching) writeEnvelope(item *imap.FetchItem) {
	writeEnvelope(f.w.Item(item), &f.at.structure.Envelope)
}

func (f *fetching) writeBody(item *imap.FetchItem) {
	writeBody(f.w.Item(item), &f.at.structure.Root, f.session.dialect.bodyForm(false))
}

func (f *fetching) writeBodyStructure(item *imap.FetchItem) {
	writeBody(f.w.Item(item), &f.at.structure.Root, f.session.dialect.bodyForm(true))
}
