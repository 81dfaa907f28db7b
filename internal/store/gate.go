package store

import (
	"fmt"
	"sync"

	"github.com/restante/restante/internal/mail"
)

// gate lets what uses the index in, until it is shut; shutting it waits for
// those inside.
type gate struct {
	mutex  sync.Mutex
	inside int
	shut   bool
	empty  chan struct{} // closed when shut and nobody is inside
}

var errShut = fmt.Errorf("%w: it was closed", mail.ErrUnavailable)

func newGate() *gate { return &gate{empty: make(chan struct{})} }

// enter returns an error if the gate is shut; otherwise leave must be called.
func (g *gate) enter() error { return g.admit(false) }

// enterAgain is enter for what may be done by those who are inside already:
// for them the gate is open until all have left.
func (g *gate) enterAgain() error { return g.admit(true) }

func (g *gate) admit(again bool) error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.shut && (!again || g.inside == 0) {
		return errShut
	}
	g.inside++
	return nil
}

func (g *gate) leave() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.inside--; g.shut && g.inside == 0 {
		close(g.empty)
	}
}

// close shuts the gate and waits until nobody is inside. It reports whether it
// was open.
func (g *gate) close() bool {
	g.mutex.Lock()
	if g.shut {
		g.mutex.Unlock()
		<-g.empty
		return false
	}
	g.shut = true
	if g.inside == 0 {
		close(g.empty)
	}
	g.mutex.Unlock()
	<-g.empty
	return true
}
