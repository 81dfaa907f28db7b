package transcript

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
)

// Stress is a number of clients, each in a dialect of its own, that give
// commands to mailboxes they share: one after the other, chosen from one seed,
// so that a model of the server (RFC 9051) foretells every answer exactly. An
// answer that contradicts it ends the run. What only happens when commands
// overlap in time is Storm's to find; what is wrong in a corner of a command's
// meaning is found here, and found again with the same seed.
type Stress struct {
	Server   Server // its first account is used
	Seed     uint64
	Clients  int
	Commands int // of all clients together
	// Progress, if set, is told now and then how many commands are done.
	Progress func(done int)

	random  *rand.Rand
	profile *profile
	prefix  string
	clients []*stressClient
	boxes   []*stressBox
	floors  map[string]uint64 // of UIDVALIDITY, by the names of deleted mailboxes
	// selections counts the times a mailbox was selected, to name each.
	selections int
}

// stressNames are the mailboxes that there can be, below a common prefix.
var stressNames = []string{"a", "b", "c", "d", "e", "f"}

// stressMessagesMax is how many messages a mailbox has before the clients
// rather delete: enough for every relation of sets, few enough to be quick.
const stressMessagesMax = 30

// Run plays the commands. An error names the seed, the command and what is
// contradicted.
func (s *Stress) Run() error {
	if s.Server.Timeout == 0 {
		s.Server.Timeout = serverTimeout
	}
	var err error
	if s.profile, err = probe(&s.Server); err != nil {
		return err
	}
	s.Server.strict, s.floors = true, map[string]uint64{}
	s.random = rand.New(rand.NewPCG(s.Seed, 9051))
	s.prefix = fmt.Sprintf("%sstress%x", s.profile.prefix, s.Seed&0xffffff)
	// The model counts in message numbers; a client without has none to foretell.
	numbered := slices.DeleteFunc(slices.Clone(Dialects), func(d Dialect) bool { return d.has("uidonly") })
	for i := range s.Clients {
		c := &stressClient{stress: s, number: i, dialect: offered(s.profile, numbered[i%len(numbered)])}
		s.clients = append(s.clients, c)
		if err := c.connect(); err != nil {
			return err
		}
		defer func() { c.close() }()
	}
	for done := range s.Commands {
		if s.Progress != nil && done%1000 == 0 {
			s.Progress(done)
		}
		c := s.clients[s.random.IntN(len(s.clients))]
		if err := c.act(); err != nil {
			return fmt.Errorf("seed %d, command %d, client %d (%s): %w\n%s", s.Seed, done, c.number, c.dialect.Name, err, c.wire.tail(2*wireTail))
		}
	}
	return s.clean()
}

// clean deletes what the run has made.
func (s *Stress) clean() error {
	last := &stressClient{stress: s, number: len(s.clients), dialect: Dialects[0]}
	if err := last.connect(); err != nil {
		return err
	}
	defer last.close()
	for _, box := range s.boxes {
		if _, err := last.line("DELETE %s", quote(box.name)); err != nil {
			return err
		}
	}
	return nil
}

// chance is true once in n times.
func (s *Stress) chance(n int) bool { return s.random.IntN(n) == 0 }

// someBox returns a mailbox at random, nil if there is none.
func (s *Stress) someBox() *stressBox {
	if len(s.boxes) == 0 {
		return nil
	}
	return s.boxes[s.random.IntN(len(s.boxes))]
}

// freeName returns a name that no mailbox has, "" if all are taken.
func (s *Stress) freeName() string {
	var free []string
	for _, name := range stressNames {
		if full := s.prefix + name; !slices.ContainsFunc(s.boxes, func(b *stressBox) bool { return b.name == full }) {
			free = append(free, full)
		}
	}
	if len(free) == 0 {
		return ""
	}
	return free[s.random.IntN(len(free))]
}

// connect logs in and enables the dialect.
func (c *stressClient) connect() error {
	server := &c.stress.Server
	conn, err := dial(fmt.Sprintf("c%dn%d", c.number, c.connections), server, &wireLog{account: server.Accounts[0]})
	if err != nil {
		return err
	}
	c.session = conn
	c.connections++
	c.leave()
	if _, err := conn.greeting(); err != nil {
		return err
	}
	if err := conn.secure(server); err != nil {
		return err
	}
	if err := conn.login(server.Accounts[0]); err != nil {
		return err
	}
	if len(c.dialect.Enable) > 0 {
		_, err = conn.line("ENABLE %s", strings.Join(c.dialect.Enable, " "))
	}
	conn.inbox = nil
	return err
}

// act gives one command.
func (c *stressClient) act() error {
	c.wire.lines = c.wire.lines[max(0, len(c.wire.lines)-8*wireTail):]
	switch {
	case c.box != nil && c.box.deleted:
		return c.findItGone()
	case c.box == nil || c.stress.chance(12):
		return c.actOutside()
	}
	return c.actInside()
}

// findItGone is the next command of a client whose mailbox someone deleted: a
// client of rev2 is told CLOSED (RFC 9051 §3), another may be disconnected
// (RFC 2180 §3.3).
func (c *stressClient) findItGone() error {
	c.inbox = nil
	r, err := c.command(segment{text: "NOOP"})
	if errors.Is(err, io.EOF) && !c.dialect.has("rev2") {
		return c.connect()
	}
	if err != nil {
		return err
	}
	closed := slices.ContainsFunc(c.inbox, func(r *Response) bool { return r.codeName() == "CLOSED" })
	if r.Name != "OK" || !closed {
		return fmt.Errorf("the selected mailbox is gone, and NOOP is answered by %s without CLOSED", r.Raw)
	}
	c.leave()
	c.ledger.known, c.ledger.uids = false, nil
	return nil
}
