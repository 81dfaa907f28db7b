package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
	"github.com/restante/restante/internal/store/index"
	"github.com/restante/restante/internal/store/journal"
)

// part is one account's part of a commit.
type part struct {
	account  *account
	decide   mail.Decision
	own      func(index.Reader) ([]record, error) // the store's own decision, instead
	position imap.ModSeq
	pending  *pending // nil if the decision had no records
	basis    *pending // the newest plan on its way that the decision saw
}

var errTwice = errors.New("an account is named twice in one commit")

// commit decides, makes durable and waits.
func (s *Store) commit(ctx context.Context, parts []*part) error {
	slices.SortFunc(parts, func(a, b *part) int { return cmp.Compare(a.account.id, b.account.id) })
	for i := range parts[1:] {
		if parts[i].account == parts[i+1].account {
			return errTwice
		}
	}
	for attempt := 1; ; attempt++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if failed := s.failed.Load(); failed != nil {
			return *failed
		}
		way, err := s.submit(ctx, parts)
		if err == nil {
			err = s.wait(ctx, way, parts)
		}
		if err == nil {
			s.commits.Add(1)
		}
		if !errors.Is(err, journal.ErrMoved) || attempt == attemptsMax {
			return translate(err)
		}
		// What the decisions were built on has failed: start from what there is.
		for _, p := range parts {
			if err := p.account.settle(ctx); err != nil {
				return err
			}
		}
	}
}

// onWay is a commit on its way to the disk.
type onWay struct {
	ticket journal.Ticket // nil if no decision had records
	held   []*stagedFile  // read until the ticket is done
}

func (w *onWay) release() {
	for _, file := range w.held {
		file.release()
	}
	w.held = nil
}

// submit decides on all accounts at once and hands the journal what follows.
func (s *Store) submit(ctx context.Context, parts []*part) (*onWay, error) {
	for _, p := range parts {
		p.account.deciding.Lock()
		defer p.account.deciding.Unlock()
	}
	u := unit{store: s, bodies: map[mail.BodyID]*mail.Body{}}
	for _, p := range parts {
		if err := u.add(p); err != nil {
			return nil, err
		}
	}
	if len(u.Entries) == 0 {
		return &onWay{}, nil
	}
	if err := u.addBodies(); err != nil {
		return nil, err
	}
	for _, p := range parts {
		if p.pending != nil {
			p.account.push(p.pending)
		}
	}
	way := &onWay{held: u.hold()}
	ticket, err := s.journal.Submit(ctx, u.Unit)
	for _, p := range parts {
		switch {
		case p.pending == nil:
		case err != nil:
			p.account.drop(p.pending)
		default:
			p.pending.ticket = ticket
		}
	}
	if err != nil {
		way.release()
	}
	way.ticket = ticket
	return way, err
}

// wait waits until a commit is durable and visible, and with it all that it
// was decided on.
func (s *Store) wait(ctx context.Context, way *onWay, parts []*part) error {
	if way.ticket != nil {
		if err := way.ticket.Wait(ctx); err != nil {
			s.abandon(ctx, way, parts)
			return err
		}
		way.release()
	}
	for _, p := range parts {
		if p.pending == nil && p.basis != nil {
			if err := p.basis.ticket.Wait(ctx); err != nil && ctx.Err() != nil {
				return ctx.Err()
			} else if err != nil {
				return fmt.Errorf("%w: %w", journal.ErrMoved, err)
			}
		}
	}
	if failed := s.failed.Load(); failed != nil {
		// It is durable, and will be seen after a restart.
		return fmt.Errorf("%w: %w", *failed, journal.ErrUncertain)
	}
	return nil
}

// abandon forgets the plans of a commit that failed, or that nobody waits for
// any more and that may fail yet.
func (s *Store) abandon(ctx context.Context, way *onWay, parts []*part) {
	drop := func() {
		for _, p := range parts {
			if p.pending != nil {
				p.account.drop(p.pending)
			}
		}
	}
	if ctx.Err() == nil {
		drop()
		way.release()
		return
	}
	s.ended.Add(1)
	go func() {
		defer s.ended.Done()
		if way.ticket.Wait(context.Background()) != nil {
			drop()
		}
		way.release()
	}()
}

// unit is a journal.Unit in the making.
type unit struct {
	journal.Unit
	store  *Store
	bodies map[mail.BodyID]*mail.Body // staged
	order  []*mail.Body
	named  []mail.BodyID // by records
}

// add decides on one account.
func (u *unit) add(p *part) error {
	p.pending, p.basis = nil, p.account.last()
	rows := layered{u.store.index, p.account.plans()}
	head, err := readHead(&rows, p.account.id)
	if err != nil {
		return err
	}
	if head.Erased {
		return mail.ErrErased
	}
	p.position = head.Position
	if p.own != nil {
		records, err := p.own(&rows)
		if err != nil || len(records) == 0 {
			return err
		}
		return u.addRecords(p, rows, head, records, nil)
	}
	s := &state{store: u.store, account: p.account, rows: &rows, over: rows.over, head: head}
	effects, err := p.decide(s)
	err = firstError(err, s.structures.close())
	if err != nil || len(effects.Records) == 0 {
		return err
	}
	records := make([]record, len(effects.Records))
	for i, r := range effects.Records {
		records[i] = r
	}
	return u.addRecords(p, rows, head, records, effects.Bodies)
}

// addRecords plans what records do to an account.
func (u *unit) addRecords(p *part, rows layered, head index.Head, records []record, bodies []*mail.Body) error {
	for _, body := range bodies {
		if u.bodies[body.ID] == nil {
			u.bodies[body.ID] = body
			u.order = append(u.order, body)
		}
	}
	f := frame{p.account.id, head.Position + 1, commit{u.store.options.Clock().Unix(), records}}
	planned, err := derive(rows, f, u.structure, nil)
	if err != nil {
		return err
	}
	if planned.head.Mailboxes > max(head.Mailboxes, u.store.options.Limits.Mailboxes) {
		return mail.ErrTooManyMailbox
	}
	encoded, err := appendCommit(nil, f.commit)
	if err != nil {
		return err
	}
	p.pending = &pending{plan: planned}
	p.position = planned.position
	u.Entries = append(u.Entries, journal.Entry{
		Account: journal.AccountID(p.account.id), After: journal.Position(head.Position), Records: encoded,
	})
	return nil
}

// structure describes a body that a record names, staged or stored.
func (u *unit) structure(id mail.BodyID) ([]byte, error) {
	u.named = append(u.named, id)
	if body := u.bodies[id]; body != nil {
		return message.AppendBinary(nil, body.Structure), nil
	}
	return u.store.readStructure(u.store.index, id)
}

// addBodies adds the staged bodies that are named and not stored yet.
func (u *unit) addBodies() error {
	for _, body := range u.order {
		if !slices.Contains(u.named, body.ID) {
			continue
		}
		stored, err := u.store.index.Get(index.BodyKey(nil, body.ID))
		if err != nil {
			return err
		}
		if stored == nil {
			u.Bodies = append(u.Bodies, journal.NewBody{ID: journal.BodyID(body.ID), Size: body.Size, Content: body.Content})
		}
	}
	return nil
}

// hold keeps the files of the unit's bodies until they were read.
func (u *unit) hold() []*stagedFile {
	var held []*stagedFile
	for i := range u.Bodies {
		if file, ok := u.Bodies[i].Content.(*stagedFile); ok {
			file.users.Add(1)
			held = append(held, file)
		}
	}
	return held
}
