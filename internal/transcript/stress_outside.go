package transcript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// actOutside gives a command that needs no selected mailbox.
func (c *stressClient) actOutside() error {
	s := c.stress
	box := s.someBox()
	if box == nil || len(s.boxes) < 3 {
		return c.create()
	}
	switch s.random.IntN(16) {
	case 0:
		if s.chance(3) {
			return c.create()
		}
	case 1:
		if s.chance(8) {
			return c.deleteBox(box)
		}
	case 2:
		if s.chance(3) {
			return c.rename(box)
		}
	case 3, 4:
		return c.status(box)
	case 5:
		return c.list()
	case 6, 7:
		return c.append(box)
	case 8, 9:
		return c.changeRights(box)
	case 10:
		return c.myRights(box)
	}
	return c.selectBox(box, s.chance(6))
}

func (c *stressClient) create() error {
	name := c.stress.freeName()
	if name == "" {
		box := c.stress.someBox()
		return c.give(want{status: "NO"}, "CREATE "+c.quoted(box.name))
	}
	c.stress.boxes = append(c.stress.boxes, &stressBox{name: name, uidnext: 1, floor: c.stress.floors[name]})
	return c.give(want{}, "CREATE "+c.quoted(name))
}

// deleteBox deletes a mailbox that others may have selected.
func (c *stressClient) deleteBox(box *stressBox) error {
	box.deleted = true
	if n, err := strconv.ParseUint(box.uidvalidity, 10, 32); err == nil {
		c.stress.floors[box.name] = max(c.stress.floors[box.name], n)
	}
	c.stress.boxes = slices.DeleteFunc(c.stress.boxes, func(b *stressBox) bool { return b == box })
	if c.box == box {
		c.leave()
		defer func() { c.ledger.known, c.ledger.uids = false, nil }()
	}
	return c.give(want{}, "DELETE "+c.quoted(box.name))
}

func (c *stressClient) rename(box *stressBox) error {
	from, to := box.name, c.stress.freeName()
	if to == "" {
		return c.give(want{status: "NO"}, fmt.Sprintf("RENAME %s %s", c.quoted(from), c.quoted(from)))
	}
	box.name = to
	return c.give(want{}, fmt.Sprintf("RENAME %s %s", c.quoted(from), c.quoted(to)))
}

// status asks for everything that STATUS tells (RFC 9051 §6.3.11).
func (c *stressClient) status(box *stressBox) error {
	must := map[string]int{
		"MESSAGES": len(box.messages), "UIDNEXT": int(box.uidnext), "SIZE": box.size(),
		"UNSEEN":  box.count(func(m *stressMessage) bool { return m.flags&stressSeen == 0 }),
		"DELETED": box.count(func(m *stressMessage) bool { return m.flags&stressDeleted != 0 }),
	}
	items := "MESSAGES UIDNEXT UIDVALIDITY UNSEEN DELETED SIZE"
	if c.dialect.has("condstore") {
		items += " HIGHESTMODSEQ"
	}
	came := false
	take := func(r *Response) (bool, error) {
		if r.Name != "STATUS" || len(r.Args) != 2 {
			return false, nil
		}
		came = true
		return true, box.judgeStatus(r.Args[1].List, must)
	}
	done := func(*Response) error {
		if !came {
			return fmt.Errorf("no STATUS came")
		}
		return nil
	}
	return c.give(want{take: take, done: done}, fmt.Sprintf("STATUS %s (%s)", c.quoted(box.name), items))
}

func (b *stressBox) judgeStatus(items []Value, must map[string]int) error {
	for i := 0; i+1 < len(items); i += 2 {
		name, value := strings.ToUpper(items[i].Text), items[i+1].Text
		switch name {
		case "UIDVALIDITY":
			if err := b.judgeValidity(value); err != nil {
				return err
			}
		case "HIGHESTMODSEQ":
			n, err := strconv.ParseUint(value, 10, 63)
			if err != nil || n < b.highest {
				return fmt.Errorf("HIGHESTMODSEQ %s, and %d was told (%v)", value, b.highest, err)
			}
		default:
			if number, known := must[name]; known && value != strconv.Itoa(number) {
				return fmt.Errorf("%s must be %d", name, number)
			}
		}
	}
	return nil
}

// judgeValidity holds UIDVALIDITY to one value (RFC 9051 §2.3.1.1).
func (b *stressBox) judgeValidity(value string) error {
	if b.uidvalidity == "" {
		n, err := strconv.ParseUint(value, 10, 32)
		if err != nil || n <= b.floor {
			return fmt.Errorf("UIDVALIDITY %s, and a mailbox of this name had %d (%v)", value, b.floor, err)
		}
		b.uidvalidity = value
	}
	if b.uidvalidity != value {
		return fmt.Errorf("UIDVALIDITY was %s and is %s", b.uidvalidity, value)
	}
	return nil
}

// list holds LIST to the mailboxes that there are.
func (c *stressClient) list() error {
	missing := map[string]bool{}
	for _, box := range c.stress.boxes {
		missing[box.name] = true
	}
	take := func(r *Response) (bool, error) {
		if r.Name != "LIST" || len(r.Args) < 3 {
			return false, nil
		}
		name := strings.TrimPrefix(r.Args[2].Text, c.abroad)
		if !missing[name] {
			return true, fmt.Errorf("there is no such mailbox, or it came before")
		}
		delete(missing, name)
		return true, nil
	}
	done := func(*Response) error {
		if len(missing) > 0 {
			return fmt.Errorf("missing: %v", missing)
		}
		return nil
	}
	return c.give(want{take: take, done: done}, "LIST \"\" "+c.quoted(c.stress.prefix+"*"))
}

// append adds a message and foretells its UID (RFC 9051 §6.3.12, APPENDUID).
func (c *stressClient) append(box *stressBox) error {
	s := c.stress
	if len(box.messages) >= stressMessagesMax {
		return c.status(box)
	}
	body, flags, rights := s.random.IntN(len(stressBodies)), c.someFlags(), c.rights(box)
	text := fmt.Sprintf("APPEND %s (%s) %s ", c.quoted(box.name), flags.list(), quote(stressBodies[body].internalDate()))
	literal := &sentLiteral{data: stressBodies[body].data, sync: s.chance(2)}
	if !rights.has(stressRightInsert) {
		return c.give(want{status: "NO"}, text, literal)
	}
	m := box.add(flags&rights.settable(), body)
	done := func(r *Response) error {
		if r.codeName() != "APPENDUID" || len(r.Code) != 3 || r.Code[2].Text != strconv.Itoa(int(m.uid)) {
			return fmt.Errorf("APPENDUID must tell UID %d", m.uid)
		}
		return box.judgeValidity(r.Code[1].Text)
	}
	return c.give(want{done: done}, text, literal)
}

// someFlags returns a set at random.
func (c *stressClient) someFlags() stressFlags {
	return stressFlags(c.stress.random.IntN(1<<len(stormFlags))) & stressFlags(c.stress.random.IntN(1<<len(stormFlags)))
}

// selectBox opens a mailbox, and comes back to one that it left with what it
// knows of it, if it can (RFC 9051 §6.3.2, RFC 7162 §3.2.5).
func (c *stressClient) selectBox(box *stressBox, readOnly bool) error {
	command := "SELECT"
	if readOnly {
		command = "EXAMINE"
	}
	text := command + " " + c.quoted(box.name)
	w := want{take: c.takeSelect(box)}
	cache := c.caches[box]
	c.leave()
	if cache != nil && c.dialect.has("qresync") && box.uidvalidity != "" {
		text += fmt.Sprintf(" (QRESYNC (%s %d))", box.uidvalidity, cache.modseq)
		c.wantChanges(&w, box, cache)
	}
	c.stress.selections++
	c.box, c.readOnly, c.selection = box, readOnly, c.stress.selections
	c.dimmed = c.rights(box) == 0
	code, done := "READ-WRITE", w.done
	if c.readOnly || c.dimmed {
		code = "READ-ONLY" // RFC 4314 §5.2
	}
	w.done = func(r *Response) error {
		if r.codeName() != code {
			return fmt.Errorf("the code must be %s", code)
		}
		if done == nil {
			return nil
		}
		return done(r)
	}
	return c.give(w, text)
}

// takeSelect judges the codes of SELECT.
func (c *stressClient) takeSelect(box *stressBox) func(*Response) (bool, error) {
	return func(r *Response) (bool, error) {
		switch r.codeName() {
		case "UIDNEXT":
			if r.Code[1].Text != strconv.Itoa(int(box.uidnext)) {
				return true, fmt.Errorf("UIDNEXT must be %d", box.uidnext)
			}
		case "UIDVALIDITY":
			return true, box.judgeValidity(r.Code[1].Text)
		case "PERMANENTFLAGS":
			return true, c.judgePermanent(r.Code[1].List)
		case "UNSEEN":
			first := slices.IndexFunc(box.messages, func(m *stressMessage) bool { return m.flags&stressSeen == 0 })
			if r.Code[1].Text != strconv.Itoa(first+1) {
				return true, fmt.Errorf("the first unseen message is %d", first+1)
			}
		}
		return false, nil
	}
}

// wantChanges wants everything that a cache lacks: VANISHED for what is gone,
// FETCH for what has changed or come.
func (c *stressClient) wantChanges(w *want, box *stressBox, cache *stressCache) {
	w.fetched, w.items = map[*stressMessage]bool{}, []string{"UID", "FLAGS", "MODSEQ"}
	for _, m := range box.messages {
		if flags, known := cache.flags[m]; !known || flags != m.flags {
			w.fetched[m] = true
		}
	}
	vanished := map[uint32]bool{}
	for m := range cache.flags {
		if m.gone {
			vanished[m.uid] = true
		}
	}
	codes := w.take
	w.take = func(r *Response) (bool, error) {
		if r.Name != "VANISHED" || len(r.Args) != 2 {
			return codes(r)
		}
		set, err := parseSet(r.Args[1].Text)
		if err != nil {
			return true, err
		}
		for _, m := range box.messages {
			if inSpans(set, m.uid) {
				return true, fmt.Errorf("UID %d has not vanished", m.uid)
			}
		}
		for uid := range vanished {
			if inSpans(set, uid) {
				delete(vanished, uid)
			}
		}
		return true, nil
	}
	w.done = func(*Response) error {
		if len(vanished) > 0 {
			return fmt.Errorf("these have vanished and it was not told: %v", vanished)
		}
		return nil
	}
}
