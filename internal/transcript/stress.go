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
	Server   Server // its first account is used, and its second for guests
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
	// given counts the commands of all clients.
	given int
	// positive says that the server has no negative rights.
	positive bool
}

// stressNames are the mailboxes that there can be, below a common prefix.
var stressNames = []string{"a", "b", "c", "d", "e", "f"}

// stressMessagesMax is how many messages a mailbox has before the clients
// rather delete: enough for every relation of sets, few enough to be quick.
const stressMessagesMax = 30

// stressBurst is how many changes in a row one client makes now and then, once in
// stressBurstRarity commands: more than a server may care to keep for those who
// sleep meanwhile, who must hear of all that it amounts to nevertheless. Who has
// slept through stressSleep commands has met one: in turn, all speak sooner.
const (
	stressBurst       = 300
	stressBurstRarity = 1000
	stressSleep       = 128
)

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
	parent := fmt.Sprintf("%sstress%x", s.profile.prefix, s.Seed&0xffffff)
	s.prefix = parent + s.profile.separator
	// The model counts in message numbers; a client without has none to foretell.
	for i := range s.Clients {
		// Each dialect is spoken by a user and, the other way round, by a guest.
		c := &stressClient{stress: s, number: i, dialect: offered(s.profile, Dialects[i%len(Dialects)]), guest: s.shares() && i%3 == 1}
		s.clients = append(s.clients, c)
		if err := c.connect(); err != nil {
			return err
		}
		defer func() { c.close() }()
		if i == 0 {
			if err := c.share(parent); err != nil {
				return err
			}
		}
		if err := c.findAbroad(parent); err != nil {
			return err
		}
	}
	for done := range s.Commands {
		if s.Progress != nil && done%1000 == 0 {
			s.Progress(done)
		}
		c := s.clients[s.random.IntN(len(s.clients))]
		act := c.act
		if s.chance(stressBurstRarity) {
			act = c.burst
		}
		if err := act(); err != nil {
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
	_, err := last.line("DELETE %s", quote(strings.TrimSuffix(s.prefix, s.profile.separator)))
	return err
}

// shares reports whether some of the clients can be of another user.
func (s *Stress) shares() bool {
	return len(s.Server.Accounts) > 1 && s.profile.caps["ACL"] && s.profile.other != ""
}

// share makes the mailbox above all others, with every right for the guest;
// those below it get the same (RFC 4314 §4).
func (c *stressClient) share(parent string) error {
	if _, err := c.line("CREATE %s", quote(parent)); err != nil || !c.stress.shares() {
		return err
	}
	_, err := c.line("SETACL %s %s lrswipkxtea", quote(parent), quote(c.stress.Server.Accounts[1].User))
	return err
}

// findAbroad finds under which name a guest knows the mailboxes.
func (c *stressClient) findAbroad(parent string) error {
	if !c.guest {
		return nil
	}
	c.inbox = nil
	if _, err := c.line("LIST \"\" %s", quote(c.stress.profile.other+"*")); err != nil {
		return err
	}
	for _, r := range c.inbox {
		if r.Name == "LIST" && len(r.Args) >= 3 && strings.HasSuffix(r.Args[2].Text, c.stress.profile.separator+parent) {
			c.abroad = strings.TrimSuffix(r.Args[2].Text, parent)
			return nil
		}
	}
	return errors.New("the guest does not see the shared mailbox")
}

// quoted is a mailbox's name as the client has it.
func (c *stressClient) quoted(name string) string { return quote(c.abroad + name) }

// account is whose client it is.
func (c *stressClient) account() Account {
	if c.guest {
		return c.stress.Server.Accounts[1]
	}
	return c.stress.Server.Accounts[0]
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
	conn, err := dial(fmt.Sprintf("c%dn%d", c.number, c.connections), server, &wireLog{account: c.account()})
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
	if err := conn.login(c.account()); err != nil {
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
