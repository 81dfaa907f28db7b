package transcript

import (
	"fmt"
	"slices"
	"strings"
)

// stressRights is a set of the rights that come and go while the guests are at
// work. Those to look up, to read, to create and to delete stay, so that it
// can be foretold what the guests see.
type stressRights uint8

const (
	stressRightSeen stressRights = 1 << iota
	stressRightWrite
	stressRightDelete
	stressRightExpunge
	stressRightInsert

	stressAllRights   = 1<<iota - 1
	stressRightMove   = stressRightDelete | stressRightExpunge // RFC 6851 §4.2
	stressRightFlags  = stressRightSeen | stressRightWrite | stressRightDelete
	stressRightLetter = "swtei" // from the lowest bit up
)

// letters are the rights as SETACL has them.
func (r stressRights) letters() string {
	var out strings.Builder
	for i, letter := range stressRightLetter {
		if r&(1<<i) != 0 {
			out.WriteRune(letter)
		}
	}
	return out.String()
}

func (r stressRights) has(others stressRights) bool { return r&others == others }

// settable are the flags that can be changed with these rights (RFC 4314 §4).
func (r stressRights) settable() stressFlags {
	var out stressFlags
	for i := range stormFlags {
		flag, need := stressFlags(1)<<i, stressRightWrite
		switch flag {
		case stressSeen:
			need = stressRightSeen
		case stressDeleted:
			need = stressRightDelete
		}
		if r.has(need) {
			out |= flag
		}
	}
	return out
}

// rights are what the client may do with a mailbox: a guest what he was granted
// and not denied, the owner everything.
func (c *stressClient) rights(box *stressBox) stressRights {
	if !c.guest {
		return stressAllRights
	}
	return stressAllRights &^ (box.lacking | box.denied)
}

// someRights returns a set at random, mostly a large one, at times none.
func (s *Stress) someRights() stressRights {
	if s.chance(6) {
		return 0
	}
	return stressRights(s.random.IntN(stressAllRights+1)) | stressRights(s.random.IntN(stressAllRights+1))
}

// changeRights grants the guests rights on a mailbox, or takes some (RFC 4314
// §3.1, §3.2), also by a negative entry where the server has those.
func (c *stressClient) changeRights(box *stressBox) error {
	s := c.stress
	if !s.shares() {
		return c.status(box)
	}
	guest, some, name := s.Server.Accounts[1].User, s.someRights(), c.quoted(box.name)
	var err error
	switch how := s.random.IntN(5); {
	case how == 0:
		box.lacking = stressAllRights &^ some
		err = c.give(want{}, fmt.Sprintf("SETACL %s %s lrkxa%s", name, quote(guest), some.letters()))
	case how == 1:
		some = stressAllRights &^ some
		box.lacking |= some
		err = c.give(want{}, fmt.Sprintf("SETACL %s %s -%s", name, quote(guest), some.letters()))
	case how == 2 && !s.positive:
		return c.deny(box, stressAllRights&^some)
	default:
		box.lacking &^= some
		err = c.give(want{}, fmt.Sprintf("SETACL %s %s +%s", name, quote(guest), some.letters()))
	}
	s.dim(box)
	return err
}

// deny sets the negative entry of the guests, or deletes it. A server without
// negative rights refuses (RFC 4314 §2), and is not asked again.
func (c *stressClient) deny(box *stressBox, some stressRights) error {
	identifier := quote("-" + c.stress.Server.Accounts[1].User)
	text := fmt.Sprintf("SETACL %s %s %s", c.quoted(box.name), identifier, some.letters())
	if some == 0 {
		text = fmt.Sprintf("DELETEACL %s %s", c.quoted(box.name), identifier)
	}
	c.inbox = nil
	r, err := c.command(segment{text: text})
	if err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	if r.Name == "OK" {
		box.denied = some
		c.stress.dim(box)
	}
	c.stress.positive = r.Name != "OK"
	return c.judge(want{status: r.Name}, text, r)
}

// dim takes note of guests that can change nothing in the mailbox that they have
// selected: what is \Recent to them is so to others, too.
func (s *Stress) dim(box *stressBox) {
	for _, c := range s.clients {
		c.dimmed = c.dimmed || c.box == box && c.rights(box) == 0
	}
}

// myRights holds MYRIGHTS to what was granted (RFC 4314 §3.5).
func (c *stressClient) myRights(box *stressBox) error {
	if !c.stress.shares() {
		return c.status(box)
	}
	must, came := c.rights(box), false
	take := func(r *Response) (bool, error) {
		if r.Name != "MYRIGHTS" || len(r.Args) != 2 {
			return false, nil
		}
		came = true
		for i, letter := range stressRightLetter {
			if strings.ContainsRune(r.Args[1].Text, letter) != must.has(1<<i) {
				return true, fmt.Errorf("the right %c is told, or is not, and the rights are %q", letter, must.letters())
			}
		}
		return true, nil
	}
	done := func(*Response) error {
		if !came {
			return fmt.Errorf("no MYRIGHTS came")
		}
		return nil
	}
	return c.give(want{take: take, done: done}, "MYRIGHTS "+c.quoted(box.name))
}

// store reports whether a STORE of these flags may do anything.
func (r stressRights) store(flags stressFlags) bool {
	return r&stressRightFlags != 0 && (flags == 0 || flags&r.settable() != 0)
}

// within is what an operation of STORE makes of flags where rights are missing:
// what may not be changed stays (RFC 4314 §4).
func (f stressFlags) within(rights stressRights, op int, flags stressFlags) stressFlags {
	may := rights.settable()
	return f&^may | f.with(op, flags)&may
}

// judgePermanent holds PERMANENTFLAGS to the rights, as far as flags go that every
// mailbox has (RFC 4314 §5.1.1).
func (c *stressClient) judgePermanent(told []Value) error {
	may := c.rights(c.box).settable()
	if c.readOnly {
		may = 0
	}
	for i, flag := range stormFlags {
		is := slices.ContainsFunc(told, func(v Value) bool { return strings.EqualFold(v.Text, flag) })
		if must := may&(1<<i) != 0; is != must && strings.HasPrefix(flag, `\`) {
			return fmt.Errorf("%s must be told: %t", flag, must)
		}
	}
	return nil
}
