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
	joint    *joint                               // what is decided with others, instead
	position imap.ModSeq
	pending  *pending // nil if the decision had no records
	basis    *pending // the newest plan on its way that the decision saw
}

var errTwice = errors.New("an account is named twice in one commit")

// commit decides, makes durable and waits.
func (s *Store) commit(ctx context.Context, parts []*part) error {
	if err := s.gate.enter(); err != nil {
		return err
	}
	defer s.gate.leave()
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
	store  *Store
	ticket journal.Ticket // nil if no decision had records
	// held are read until the ticket is done, and pinned must not be
	// reclaimed before.
	held   []*stagedFile
	pinned map[mail.BodyID]struct{}
}

func (w *onWay) release() {
	for _, file := range w.held {
		file.release()
	}
	w.store.pins.unpin(w.pinned)
	w.held, w.pinned = nil, nil
}

// submit decides on all accounts at once and hands the journal what follows.
func (s *Store) submit(ctx context.Context, parts []*part) (*onWay, error) {
	for _, p := range parts {
		p.account.deciding.Lock()
		defer p.account.deciding.Unlock()
	}
	way := &onWay{store: s, pinned: map[mail.BodyID]struct{}{}}
	err := s.hand(ctx, way, parts)
	if err != nil {
		way.release()
	}
	return way, err
}

// hand decides and hands the decisions to the journal. The accounts are locked.
func (s *Store) hand(ctx context.Context, way *onWay, parts []*part) error {
	u := unit{store: s, way: way, bodies: map[mail.BodyID]*mail.Body{}}
	if err := u.addAll(parts); err != nil {
		return err
	}
	if len(u.Entries) == 0 {
		return nil
	}
	if err := u.addBodies(); err != nil {
		return err
	}
	for _, p := range parts {
		if p.pending != nil {
			p.account.push(p.pending)
		}
	}
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
	if err == nil {
		way.ticket = ticket
	}
	return err
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
	way    *onWay
	bodies map[mail.BodyID]*mail.Body // staged
	order  []*mail.Body
}

// addAll decides on all accounts.
func (u *unit) addAll(parts []*part) error {
	if joint := parts[0].joint; joint != nil {
		return u.addJointly(joint)
	}
	for _, p := range parts {
		if err := u.add(p); err != nil {
			return err
		}
	}
	return nil
}

// open reads what the decision on one account is built on.
func (u *unit) open(p *part) (rows *layered, head index.Head, err error) {
	p.pending, p.basis = nil, p.account.last()
	rows = &layered{u.store.index, p.account.plans()}
	head, err = readHead(rows, p.account.id)
	if err == nil && head.Erased {
		err = mail.ErrErased
	}
	p.position = head.Position
	return rows, head, err
}

// add decides on one account.
func (u *unit) add(p *part) error {
	rows, head, err := u.open(p)
	if err != nil {
		return err
	}
	if p.own != nil {
		records, err := p.own(rows)
		if err != nil || len(records) == 0 {
			return err
		}
		return u.addRecords(p, *rows, head, records, mail.Effects{BeyondQuota: true})
	}
	s := &state{store: u.store, account: p.account, rows: rows, over: rows.over, head: head}
	effects, err := p.decide(s)
	return u.addEffects(p, s, effects, firstError(err, s.structures.close()))
}

// addEffects plans what was decided on a state.
func (u *unit) addEffects(p *part, s *state, effects mail.Effects, err error) error {
	if err != nil || len(effects.Records) == 0 {
		return err
	}
	records := make([]record, len(effects.Records))
	for i, r := range effects.Records {
		records[i] = r
	}
	return u.addRecords(p, *s.rows.(*layered), s.head, records, effects)
}

// addRecords plans what records do to an account.
func (u *unit) addRecords(p *part, rows layered, head index.Head, records []record, effects mail.Effects) error {
	for _, body := range effects.Bodies {
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
	if err := u.store.admit(head, planned, effects.BeyondQuota); err != nil {
		return err
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
	if _, pinned := u.way.pinned[id]; !pinned {
		u.store.pins.pin(id)
		u.way.pinned[id] = struct{}{}
	}
	if body := u.bodies[id]; body != nil {
		return message.AppendBinary(nil, body.Structure), nil
	}
	if stored, err := u.store.isStored(id); err != nil || !stored {
		return nil, errors.Join(err, misfit("body %s is not stored", id))
	}
	return u.store.storedStructure(id)
}

// addBodies adds the staged bodies that are named and not stored yet.
func (u *unit) addBodies() error {
	for _, body := range u.order {
		if _, named := u.way.pinned[body.ID]; !named {
			continue
		}
		stored, err := u.store.isStored(body.ID)
		if err != nil {
			return err
		}
		if stored {
			continue
		}
		u.Bodies = append(u.Bodies, journal.NewBody{ID: journal.BodyID(body.ID), Size: body.Size, Content: body.Content})
		if file, ok := body.Content.(*stagedFile); ok {
			file.users.Add(1)
			u.way.held = append(u.way.held, file)
		}
	}
	return nil
}
