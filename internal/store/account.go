package store

import (
	"context"
	"slices"
	"sync"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/journal"
)

// account is a mail.Account.
type account struct {
	store *Store
	id    mail.AccountID

	// deciding is held while a decision is made and handed to the journal, so
	// that the journal gets decisions in the order in which they build on
	// each other. What applies them never takes it.
	deciding sync.Mutex

	mutex   sync.Mutex // of what follows
	pending []*pending // on their way to the disk, oldest first
	watches []*mail.Watch

	recent recent // guarded by the cache of UIDs
}

// pending is a plan on its way to the disk.
type pending struct {
	*plan
	ticket journal.Ticket // nil until the journal has taken it
}

var _ mail.Account = (*account)(nil)

func (a *account) ID() mail.AccountID { return a.id }

// Read calls use with the newest durable state.
func (a *account) Read(ctx context.Context, use func(mail.State) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := a.store.gate.enterAgain(); err != nil {
		return err
	}
	defer a.store.gate.leave()
	snapshot := a.store.index.Snapshot()
	defer func() { err = firstError(err, snapshot.Close()) }()
	head, err := readHead(snapshot, a.id)
	if err != nil {
		return err
	}
	if head.Erased {
		return mail.ErrErased
	}
	s := &state{store: a.store, account: a, rows: snapshot, head: head}
	defer func() { err = firstError(err, s.structures.close()) }()
	return use(s)
}

// firstError returns the error of a step, or else that of the step that ended
// it: the caller's own error stays as it is.
func firstError(err, ending error) error {
	if err != nil {
		return err
	}
	return ending
}

// Commit commits one decision.
func (a *account) Commit(ctx context.Context, decide mail.Decision) (imap.ModSeq, error) {
	p := &part{account: a, decide: decide}
	err := a.store.commit(ctx, []*part{p})
	return p.position, err
}

// Watch queues changes from now on.
func (a *account) Watch(notify func()) *mail.Watch {
	var w *mail.Watch
	w = mail.NewWatch(notify, func() {
		a.mutex.Lock()
		defer a.mutex.Unlock()
		a.watches = slices.DeleteFunc(slices.Clone(a.watches), func(one *mail.Watch) bool { return one == w })
	})
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.watches = append(slices.Clone(a.watches), w)
	return w
}

// Bodies returns a reader of bodies.
func (a *account) Bodies() mail.BodyReader { return &bodies{a.store.journal.Bodies()} }

// plans returns those on their way to the disk, oldest first.
func (a *account) plans() []*plan {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if len(a.pending) == 0 {
		return nil
	}
	plans := make([]*plan, len(a.pending))
	for i, p := range a.pending {
		plans[i] = p.plan
	}
	return plans
}

// push puts a plan behind those on their way.
func (a *account) push(p *pending) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.pending = append(a.pending, p)
}

// drop forgets a plan that failed, and those decided on top of it, which fail
// with it.
func (a *account) drop(p *pending) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if i := slices.Index(a.pending, p); i >= 0 {
		a.pending = slices.Clone(a.pending[:i])
	}
}

// find returns the plan that is to have a position.
func (a *account) find(position imap.ModSeq) *plan {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for _, p := range a.pending {
		if p.position == position {
			return p.plan
		}
	}
	return nil
}

// arrived forgets a plan that is in the index, and tells the sessions.
func (a *account) arrived(p *plan) {
	a.mutex.Lock()
	if len(a.pending) > 0 && a.pending[0].plan == p {
		a.pending = slices.Clone(a.pending[1:])
	}
	watches := a.watches
	a.mutex.Unlock()
	for _, w := range watches {
		w.Publish(p.change)
	}
}

// last returns the newest plan on its way, nil if there is none.
func (a *account) last() *pending {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if len(a.pending) == 0 {
		return nil
	}
	return a.pending[len(a.pending)-1]
}

// settle waits until nothing that was on its way is so any more.
func (a *account) settle(ctx context.Context) error {
	a.deciding.Lock() // so that all of them have their ticket
	a.mutex.Lock()
	waiting := slices.Clone(a.pending)
	a.mutex.Unlock()
	a.deciding.Unlock()
	for _, p := range waiting {
		if err := p.ticket.Wait(ctx); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			a.drop(p)
		}
	}
	return nil
}
