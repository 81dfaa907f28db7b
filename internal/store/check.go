package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
	"github.com/restante/restante/internal/store/journal"
)

// Report is what Check found.
type Report struct {
	Accounts, Mailboxes, Messages int64
	Rows                          int64 // of the index that were compared with a rebuild
	// Problems are what is wrong, in words; of very many only the first.
	Problems []string
	More     int64 // problems beyond those
	// JournalDamage counts the problems of the journal itself, which no
	// rebuild can mend.
	JournalDamage int64
}

// problemsMax is how many problems a report names one by one.
const problemsMax = 1000

func (r *Report) problem(format string, args ...any) {
	if len(r.Problems) == problemsMax {
		r.More++
		return
	}
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

// Sound reports whether nothing is wrong.
func (r *Report) Sound() bool { return len(r.Problems) == 0 }

// Check verifies the store from end to end, while it may be in use: every
// octet of the journal; that the index equals one derived anew; that every
// message has a body that can be opened; that counters are right and positions
// in order. The error says why the check could not be finished, not what it
// found. It needs room for a second index beside the first.
func (s *Store) Check(ctx context.Context, progress func(Progress)) (Report, error) {
	if err := s.gate.enter(); err != nil {
		return Report{}, err
	}
	defer s.gate.leave()
	c := &checker{store: s, progress: progress}
	if progress == nil {
		c.progress = func(Progress) {}
	}
	s.relocating.RLock() // nothing may move bodies while both are compared
	defer s.relocating.RUnlock()
	c.rows = s.index.Snapshot()
	err := c.journal(ctx)
	if err == nil {
		err = c.compareWithRebuild(ctx)
	}
	if err == nil {
		err = eachAccount(c.rows, func(id mail.AccountID, head index.Head) error {
			return errors.Join(ctx.Err(), c.account(id, head))
		})
	}
	return c.report, errors.Join(err, c.rows.Close())
}

type checker struct {
	store    *Store
	rows     *index.Snapshot
	report   Report
	progress func(Progress)
}

func (c *checker) journal(ctx context.Context) error {
	for finding := range c.store.journal.Verify(ctx) {
		c.progress(Progress{"journal", finding.Done, finding.Total})
		if finding.Err == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		c.report.JournalDamage++
		c.report.problem("journal: %v", finding.Err)
	}
	return nil
}

// compareWithRebuild derives a second index up to where the snapshot is.
func (c *checker) compareWithRebuild(ctx context.Context) (err error) {
	s := c.store
	applied, known, err := c.rows.Applied()
	if err != nil || !known {
		return err
	}
	dir := s.fs.PathJoin(s.options.Dir, "check")
	if err := s.fs.RemoveAll(dir); err != nil {
		return err
	}
	second, err := index.Open(index.Options{FS: s.fs, Dir: dir, Logger: s.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, second.Close(), s.fs.RemoveAll(dir)) }()
	r := &replayer{store: s, to: second, meter: s.newMeter("index", journal.Offset{})}
	r.meter.tell = c.progress
	upTo := journal.Offset{Segment: applied.Segment, Byte: applied.Byte}
	if err := errors.Join(r.run(ctx, journal.Offset{}, upTo), r.close()); err != nil {
		return err
	}
	return c.compare(ctx, second)
}

// compare goes through both indexes side by side.
func (c *checker) compare(ctx context.Context, second *index.Index) error {
	have, want := c.rows.Scan(nil, nil), second.Scan(nil, nil)
	inHave, inWant := have.Next(), want.Next()
	for inHave || inWant {
		if c.report.Rows++; c.report.Rows%10_000 == 0 {
			c.progress(Progress{What: "compare", Done: c.report.Rows})
			if err := ctx.Err(); err != nil {
				return errors.Join(err, have.Close(), want.Close())
			}
		}
		order := 0
		switch {
		case !inHave:
			order = 1
		case !inWant:
			order = -1
		default:
			order = bytes.Compare(have.Key(), want.Key())
		}
		switch {
		case order < 0 && c.isDead(have.Key()), order > 0 && c.isDead(want.Key()):
		case order < 0:
			c.report.problem("index has a row that the journal does not explain: %s", index.Describe(have.Key(), have.Value()))
		case order > 0:
			c.report.problem("index lacks a row: %s", index.Describe(want.Key(), want.Value()))
		case !index.Same(have.Key(), have.Value(), want.Value()):
			c.report.problem("index has %s where the journal says %s",
				index.Describe(have.Key(), have.Value()), index.Describe(want.Key(), want.Value()))
		}
		if order <= 0 {
			inHave = have.Next()
		}
		if order >= 0 {
			inWant = want.Next()
		}
	}
	return errors.Join(have.Close(), want.Close())
}

// isDead reports whether a row is that of a body which nothing can reach: one
// that was reclaimed may have left a row behind, and the other way round.
func (c *checker) isDead(key []byte) bool {
	if !index.IsBodyKey(key) {
		return false
	}
	named, err := index.IsNamed(c.rows, index.BodyOf(key))
	return err == nil && !named
}

// account checks what must hold of an account whatever the journal says.
func (c *checker) account(id mail.AccountID, head index.Head) error {
	c.report.Accounts++
	if at := c.store.journal.Head(journal.AccountID(id)); imap.ModSeq(at) < head.Position {
		c.report.problem("account %d: index is at position %d, the journal ends at %d", id, head.Position, at)
	}
	count, used, metadata := uint32(0), mail.Usage{}, int64(0)
	err := scanPrefix(c.rows, index.MailboxPrefix(nil, id), func(key, value []byte) error {
		m, err := index.DecodeMailbox(index.MailboxOf(key), value)
		if err != nil {
			return err
		}
		count++
		used[mail.ResourceMailbox]++
		used[mail.ResourceMessage] += uint64(m.Messages)
		used[mail.ResourceStorage] += uint64(m.Size)
		used[mail.ResourceAnnotationStorage] += uint64(m.AnnotationOctets)
		metadata += m.MetadataOctets
		return errors.Join(c.mailbox(id, head, m), c.mailboxValues(id, m))
	})
	err = errors.Join(err, c.accountMetadata(id, head, metadata))
	if count != head.Mailboxes {
		c.report.problem("account %d has %d mailboxes and counts %d", id, count, head.Mailboxes)
	}
	c.checkUsage(id, head, used)
	return err
}

func (c *checker) mailbox(id mail.AccountID, head index.Head, m *mail.Mailbox) error {
	c.report.Mailboxes++
	rows := boxRows{c.rows, id, m.ID}
	bodies := c.store.journal.Bodies()
	defer bodies.Close()
	var counted box
	var last imap.UID
	problem := func(format string, args ...any) {
		c.report.problem("account %d, mailbox %d: "+format, append([]any{id, m.ID}, args...)...)
	}
	err := rows.messages(allUIDs, func(one *mail.Message) bool {
		c.report.Messages++
		counted.count(one, 1)
		if one.UID <= last || one.UID >= m.UIDNext {
			problem("UID %d comes after %d, and UIDNEXT is %d", one.UID, last, m.UIDNext)
		}
		last = one.UID
		if one.ModSeq > m.HighestModSeq {
			problem("message %d has position %d, the mailbox %d", one.UID, one.ModSeq, m.HighestModSeq)
		}
		if err := c.body(bodies, id, one); err != nil {
			problem("message %d: %v", one.UID, err)
		}
		return true
	})
	if err != nil {
		problem("%v", err)
	}
	marks, err := c.marks(rows)
	if err != nil {
		problem("%v", err)
	}
	if counted.Messages != m.Messages || marks != m.Messages || counted.Unseen != m.Unseen ||
		counted.Deleted != m.Deleted || counted.Size != m.Size {
		problem("counts %d messages (%d unseen, %d deleted, %d octets), has %d and %d marks (%d, %d, %d)",
			m.Messages, m.Unseen, m.Deleted, m.Size, counted.Messages, marks, counted.Unseen, counted.Deleted, counted.Size)
	}
	if m.HighestModSeq > head.Position || m.UIDValidity > head.Floor || m.UIDValidity == 0 {
		problem("position %d or UIDVALIDITY %d are beyond those of the account, %d and %d", m.HighestModSeq, m.UIDValidity, head.Position, head.Floor)
	}
	return nil
}

// marks counts the marks of a mailbox, and demands that the change index names
// each of its blocks once, under its last change.
func (c *checker) marks(rows boxRows) (marks uint32, err error) {
	listed := map[uint32]imap.ModSeq{}
	err = rows.blocks(allUIDs, func(number uint32, block *index.Block) bool {
		marks += uint32(len(block.Marks))
		listed[number] = block.Listed
		return true
	})
	if err != nil {
		return marks, err
	}
	err = scanPrefix(c.rows, index.ChangedPrefix(nil, rows.account, rows.mailbox), func(key, _ []byte) error {
		number, at := index.LastBlock(key), index.ModSeqOf(key)
		if listed[number] != at {
			return fmt.Errorf("block %d is listed at %d, and changed at %d", number, at, listed[number])
		}
		delete(listed, number)
		return nil
	})
	if err == nil && len(listed) > 0 {
		err = fmt.Errorf("%d blocks are not listed as changed", len(listed))
	}
	return marks, err
}

// body opens a message's body; what it holds was verified with the journal.
func (c *checker) body(bodies journal.BodyReader, id mail.AccountID, m *mail.Message) error {
	body, err := bodies.Open(journal.BodyRef{
		ID: journal.BodyID(m.Body.ID), Place: journal.Place{A: m.Body.Where[0], B: m.Body.Where[1]},
	})
	if err != nil {
		return err
	}
	if body.Size() != m.Size {
		return fmt.Errorf("body has %d octets, the message %d", body.Size(), m.Size)
	}
	structure, err := c.rows.Get(index.StructureKey(nil, id, m.Email))
	if err == nil && structure == nil {
		err = errNoRow
	}
	return err
}
