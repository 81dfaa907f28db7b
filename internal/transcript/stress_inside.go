package transcript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// actInside gives a command to the selected mailbox.
func (c *stressClient) actInside() error {
	s := c.stress
	if len(c.view) == 0 {
		if s.chance(2) {
			return c.append(c.box)
		}
		return c.pause()
	}
	if len(c.box.messages) > stressMessagesMax*2/3 && s.chance(3) {
		return c.store(c.someOf(4), 1, stressDeleted, false)
	}
	switch s.random.IntN(20) {
	case 0, 1:
		return c.pause()
	case 2, 3, 4:
		return c.fetch()
	case 5, 6, 7, 8:
		return c.store(c.someOf(3), s.random.IntN(3), c.someFlags(), s.chance(2))
	case 9, 10, 11:
		return c.search()
	case 12, 13:
		return c.copyOrMove(s.chance(2))
	case 14:
		return c.expunge()
	case 15:
		return c.append(s.someBox())
	case 16:
		return c.storeUnchanged()
	case 17:
		return c.changedSince()
	case 18:
		return c.sort()
	}
	return c.closeOrLeave()
}

// burst changes the selected mailbox again and again while everybody else sleeps.
func (c *stressClient) burst() error {
	for range stressBurst {
		if c.box == nil || c.box.deleted || c.readOnly {
			return c.act()
		}
		var err error
		switch {
		case len(c.view) == 0, c.stress.chance(12) && len(c.box.messages) < stressMessagesMax:
			err = c.append(c.box)
		case c.stress.chance(25):
			err = c.expunge()
		default:
			err = c.store(c.someOf(3), c.stress.random.IntN(3), c.someFlags(), c.stress.chance(2))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pick is messages that a command names: of those the client knows of.
type pick struct {
	messages []*stressMessage
	uid      bool
	text     string // the set
}

// prefix is what the command's name has before it.
func (p pick) prefix() string {
	if p.uid {
		return "UID "
	}
	return ""
}

// holdsGone reports whether some of the messages are gone.
func (p pick) holdsGone() bool {
	return slices.ContainsFunc(p.messages, func(m *stressMessage) bool { return m.gone })
}

// present are those that are not gone.
func (p pick) present() map[*stressMessage]bool {
	out := map[*stressMessage]bool{}
	for _, m := range p.messages {
		if !m.gone {
			out[m] = true
		}
	}
	return out
}

func (p pick) all() map[*stressMessage]bool {
	out := map[*stressMessage]bool{}
	for _, m := range p.messages {
		out[m] = true
	}
	return out
}

// onlyUIDs reports whether the client must name messages by UID
// (RFC 9586 §3).
func (c *stressClient) onlyUIDs() bool { return slices.Contains(c.dialect.Enable, "UIDONLY") }

// someOf picks messages, about one in n; at least one. Now and then it is what
// "$" stands for, or everything.
func (c *stressClient) someOf(n int) pick {
	s := c.stress
	p := pick{uid: c.onlyUIDs() || s.chance(2)}
	switch {
	case s.chance(10) && len(c.saved) > 0:
		p.text = "$"
		for _, m := range c.view {
			if c.saved[m] {
				p.messages = append(p.messages, m)
			}
		}
		return p
	case s.chance(10):
		p.text, p.messages = "1:*", slices.Clone(c.view)
		return p
	}
	var numbers []string
	at := s.random.IntN(len(c.view))
	for i, m := range c.view {
		if i != at && !s.chance(n) {
			continue
		}
		p.messages = append(p.messages, m)
		number := i + 1
		if p.uid {
			number = int(m.uid)
		}
		numbers = append(numbers, strconv.Itoa(number))
	}
	s.random.Shuffle(len(numbers), func(i, j int) { numbers[i], numbers[j] = numbers[j], numbers[i] })
	p.text = strings.Join(numbers, ",")
	return p
}

// pause is NOOP, or IDLE that ends at once: everything is told.
func (c *stressClient) pause() error {
	if c.stress.chance(2) {
		return c.give(want{}, "NOOP")
	}
	c.inbox = nil
	tag := c.newTag()
	if _, err := c.send(tag, []segment{{text: "IDLE"}}); err != nil {
		return err
	}
	if err := c.flush(); err != nil {
		return err
	}
	if r, err := c.untilPlus(tag); err != nil || r.Tag != "+" {
		return fmt.Errorf("IDLE: %w", orEOF(err))
	}
	c.write("DONE\r\n")
	if err := c.flush(); err != nil {
		return err
	}
	r, err := c.result(tag)
	if err != nil {
		return fmt.Errorf("IDLE: %w", err)
	}
	c.inbox = slices.DeleteFunc(c.inbox, func(r *Response) bool { return r.Tag == "+" })
	return c.judge(want{}, "IDLE", r)
}

// fetch reads data of messages; bodies set \Seen (RFC 9051 §6.4.5).
func (c *stressClient) fetch() error {
	s, p := c.stress, c.someOf(3)
	items := []string{"UID", "FLAGS"}
	for _, item := range []string{"RFC822.SIZE", "INTERNALDATE", "BODY[]", "BODY[TEXT]", "MODSEQ"} {
		if s.chance(3) && (item != "MODSEQ" || c.dialect.has("condstore")) {
			items = append(items, item)
		}
	}
	asked := slices.Clone(items)
	seen := false
	for i, item := range items {
		if strings.HasPrefix(item, "BODY[") {
			if s.chance(2) {
				asked[i] = "BODY.PEEK" + item[len("BODY"):]
			} else {
				seen = true
			}
		}
	}
	if seen && !c.readOnly && c.rights(c.box).has(stressRightSeen) {
		for m := range p.present() {
			s.setFlags(c.box, m, m.flags|stressSeen, c)
		}
	}
	w := want{hold: !p.uid, fetched: p.all(), items: items, only: true}
	return c.give(w, fmt.Sprintf("%sFETCH %s (%s)", p.prefix(), p.text, strings.Join(asked, " ")))
}

// store changes flags: 0 replaces, 1 adds, 2 takes away (RFC 9051 §6.4.6).
func (c *stressClient) store(p pick, op int, flags stressFlags, silent bool) error {
	item := [...]string{"FLAGS", "+FLAGS", "-FLAGS"}[op]
	if silent {
		item += ".SILENT"
	}
	text := fmt.Sprintf("%sSTORE %s %s (%s)", p.prefix(), p.text, item, flags.list())
	w := want{hold: !p.uid, only: true}
	rights := c.rights(c.box)
	if c.readOnly || len(p.messages) > 0 && !rights.store(flags) {
		w.status = "NO"
		return c.give(w, text)
	}
	present := p.present()
	for m := range present {
		c.stress.setFlags(c.box, m, m.flags.within(rights, op, flags), c)
	}
	w.only = rights.has(stressRightFlags) || !silent // what could not be changed may be told
	if p.holdsGone() && !p.uid {
		w.status = "NO" // and the others have changed (RFC 2180 §4.2.3)
	}
	switch {
	case !silent:
		w.fetched, w.items = present, []string{"FLAGS"}
	case c.dialect.has("condstore"): // RFC 7162 §3.1.3
		w.fetched, w.items = present, []string{"MODSEQ"}
	}
	return c.give(w, text)
}

// with is what an operation of STORE makes of flags.
func (f stressFlags) with(op int, flags stressFlags) stressFlags {
	switch op {
	case 1:
		return f | flags
	case 2:
		return f &^ flags
	}
	return flags
}

// sure reports whether the client knows the mod-sequence of every message, and
// that none is gone, so that conditions on them can be foretold.
func (c *stressClient) sure() bool {
	return c.dialect.has("condstore") && !slices.ContainsFunc(c.view, func(m *stressMessage) bool { return m.gone || m.modseq == 0 })
}

// learnModSeqs fetches all mod-sequences.
func (c *stressClient) learnModSeqs() error {
	w := want{fetched: map[*stressMessage]bool{}, items: []string{"MODSEQ"}}
	for _, m := range c.view {
		w.fetched[m] = true
	}
	return c.give(w, "UID FETCH 1:* (MODSEQ)")
}

// storeUnchanged is a STORE that spares what changed since (RFC 7162 §3.1.3).
func (c *stressClient) storeUnchanged() error {
	if !c.dialect.has("condstore") {
		return c.pause()
	}
	if err := c.learnModSeqs(); err != nil || !c.sure() || len(c.view) == 0 {
		return err
	}
	p, flags := c.someOf(3), c.someFlags()
	since := c.view[c.stress.random.IntN(len(c.view))].modseq
	text := fmt.Sprintf("%sSTORE %s (UNCHANGEDSINCE %d) +FLAGS (%s)", p.prefix(), p.text, since, flags.list())
	w := want{hold: !p.uid}
	rights := c.rights(c.box)
	if c.readOnly || !rights.store(flags) {
		w.status = "NO"
		return c.give(w, text)
	}
	var modified []string
	w.fetched, w.items = map[*stressMessage]bool{}, []string{"FLAGS", "MODSEQ"}
	for _, m := range p.messages {
		if m.modseq > since {
			modified = append(modified, c.number1(m, p.uid))
			continue
		}
		w.fetched[m] = true
	}
	for m := range w.fetched {
		c.stress.setFlags(c.box, m, m.flags.within(rights, 1, flags), c)
	}
	w.done = func(r *Response) error {
		told := ""
		if r.codeName() == "MODIFIED" && len(r.Code) == 2 {
			told = r.Code[1].Text
		}
		if want := strings.Join(modified, ","); told != want && !sameSet(told, want) {
			return fmt.Errorf("MODIFIED must tell %q", want)
		}
		return nil
	}
	return c.give(w, text)
}

// number1 is what a message is called.
func (c *stressClient) number1(m *stressMessage, uid bool) string {
	if uid {
		return strconv.Itoa(int(m.uid))
	}
	return strconv.Itoa(slices.Index(c.view, m) + 1)
}

// changedSince fetches what changed after a mod-sequence (RFC 7162 §3.1.4).
func (c *stressClient) changedSince() error {
	if !c.dialect.has("condstore") {
		return c.pause()
	}
	if err := c.learnModSeqs(); err != nil || !c.sure() || len(c.view) == 0 {
		return err
	}
	since := c.view[c.stress.random.IntN(len(c.view))].modseq
	w := want{fetched: map[*stressMessage]bool{}, items: []string{"UID", "FLAGS", "MODSEQ"}, only: true}
	for _, m := range c.view {
		if m.modseq > since {
			w.fetched[m] = true
		}
	}
	return c.give(w, fmt.Sprintf("UID FETCH 1:* (FLAGS) (CHANGEDSINCE %d)", since))
}

// copyOrMove copies or moves messages, and foretells COPYUID
// (RFC 9051 §6.4.7, §6.4.8).
func (c *stressClient) copyOrMove(move bool) error {
	s, p, to := c.stress, c.someOf(4), c.stress.someBox()
	command := "COPY"
	if move {
		command = "MOVE"
	}
	text := fmt.Sprintf("%s%s %s %s", p.prefix(), command, p.text, c.quoted(to.name))
	if !p.uid && p.holdsGone() || move && c.readOnly {
		return c.give(want{status: "NO"}, text)
	}
	if len(to.messages)+len(p.messages) > 2*stressMessagesMax {
		return c.store(p, 1, stressDeleted, s.chance(2))
	}
	rights := c.rights(to)
	if !rights.has(stressRightInsert) || move && !c.rights(c.box).has(stressRightMove) {
		if len(p.present()) == 0 {
			return c.pause() // nothing to refuse
		}
		return c.give(want{status: "NO"}, text)
	}
	var from, into []string
	for _, m := range p.messages {
		if m.gone {
			continue
		}
		made := to.add(m.flags&rights.settable(), m.body)
		from, into = append(from, strconv.Itoa(int(m.uid))), append(into, strconv.Itoa(int(made.uid)))
	}
	if move {
		picked := p.present()
		c.box.remove(func(m *stressMessage) bool { return picked[m] })
	}
	told := false
	judge := func(r *Response) error {
		if r.codeName() != "COPYUID" {
			return nil
		}
		told = true
		if len(r.Code) != 4 || !equalSets(r.Code[2].Text, from) || !equalSets(r.Code[3].Text, into) {
			return fmt.Errorf("COPYUID must tell %v as %v", from, into)
		}
		return to.judgeValidity(r.Code[1].Text)
	}
	w := want{take: func(r *Response) (bool, error) { return r.codeName() == "COPYUID", judge(r) }}
	w.done = func(r *Response) error {
		if err := judge(r); err != nil || told == (len(from) > 0) {
			return err
		}
		return fmt.Errorf("COPYUID is missing, or tells of nothing")
	}
	return c.give(w, text)
}

// equalSets compares a set on the wire with numbers in rising order.
func equalSets(text string, numbers []string) bool {
	want := strings.Join(numbers, ",")
	return text == want || sameSet(text, want)
}

// expunge removes what is marked (RFC 9051 §6.4.3, §6.4.9).
func (c *stressClient) expunge() error {
	marked := func(m *stressMessage) bool { return m.flags&stressDeleted != 0 }
	text, w := "EXPUNGE", want{}
	if c.stress.chance(2) {
		p := c.someOf(2)
		if !p.uid {
			return c.pause()
		}
		text = "UID EXPUNGE " + p.text
		picked := p.all()
		marked = func(m *stressMessage) bool { return m.flags&stressDeleted != 0 && picked[m] }
		if len(p.messages) == 0 {
			marked = func(*stressMessage) bool { return false }
		}
	}
	if c.readOnly || !c.rights(c.box).has(stressRightExpunge) {
		w.status = "NO"
		if strings.HasPrefix(text, "UID EXPUNGE $") {
			return c.pause()
		}
		return c.give(w, text)
	}
	c.box.remove(marked)
	return c.give(w, text)
}

// closeOrLeave ends the selection, and keeps a cache of a mailbox for later.
func (c *stressClient) closeOrLeave() error {
	box := c.box
	if c.stress.chance(2) {
		if !c.readOnly && c.rights(box).has(stressRightExpunge) {
			box.remove(func(m *stressMessage) bool { return m.flags&stressDeleted != 0 })
		}
		c.leave()
		return c.give(want{}, "CLOSE")
	}
	if err := c.give(want{}, "NOOP"); err != nil {
		return err
	}
	if c.dialect.has("qresync") {
		if err := c.keepCache(); err != nil {
			return err
		}
	}
	c.leave()
	return c.give(want{}, "UNSELECT")
}

// keepCache keeps what the client knows of its mailbox, which is everything
// after a NOOP.
func (c *stressClient) keepCache() error {
	cache := &stressCache{flags: map[*stressMessage]stressFlags{}}
	for _, m := range c.view {
		cache.flags[m] = m.flags
	}
	take := func(r *Response) (bool, error) {
		if r.Name != "STATUS" || len(r.Args) != 2 || len(r.Args[1].List) != 2 {
			return false, nil
		}
		var err error
		cache.modseq, err = strconv.ParseUint(r.Args[1].List[1].Text, 10, 63)
		return true, err
	}
	if err := c.give(want{take: take}, "STATUS "+c.quoted(c.box.name)+" (HIGHESTMODSEQ)"); err != nil {
		return err
	}
	if c.caches == nil {
		c.caches = map[*stressBox]*stressCache{}
	}
	c.caches[c.box] = cache
	return nil
}
