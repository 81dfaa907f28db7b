package transcript

import (
	"slices"
	"strings"
	"time"
)

// stressBox is a mailbox as it must be.
type stressBox struct {
	name        string
	uidvalidity string // as first told
	floor       uint64 // the UIDVALIDITY of the last mailbox of this name
	uidnext     uint32
	messages    []*stressMessage // by UID
	highest     uint64           // the largest mod-sequence told of it
	// lacking are the rights that the guests were not granted, denied those that
	// a negative entry takes from them.
	lacking, denied stressRights
	deleted         bool
}

// stressMessage is a message of one mailbox as it must be.
type stressMessage struct {
	uid   uint32
	flags stressFlags
	body  int // of stressBodies
	// modseq is its mod-sequence as told since it last changed, 0 before; it
	// must then be larger than after (RFC 7162 §3.1).
	modseq, after uint64
	gone          bool // expunged
	recentIn      int  // the selection in which it was \Recent, 0 for none yet
}

// stressFlags is a set of stormFlags, as bits.
type stressFlags uint8

const stressDeleted stressFlags = 1 << 4 // of stormFlags
const stressSeen stressFlags = 1 << 0

// words are the flags as flagText writes them.
func (f stressFlags) words() string {
	var out []string
	for i, flag := range stormFlags {
		if f&(1<<i) != 0 {
			out = append(out, strings.ToLower(flag))
		}
	}
	slices.Sort(out)
	return "(" + strings.Join(out, " ") + ")"
}

// list are the flags as a client sends them.
func (f stressFlags) list() string {
	var out []string
	for i, flag := range stormFlags {
		if f&(1<<i) != 0 {
			out = append(out, flag)
		}
	}
	return strings.Join(out, " ")
}

// stressBody is what a message can be.
type stressBody struct{ subject, text, date, data string }

func (b stressBody) day() time.Time {
	day, err := time.Parse("02-Jan-2006", b.date)
	if err != nil {
		panic(err)
	}
	return day
}

// internalDate is the date as APPEND gives it and FETCH must tell it.
func (b stressBody) internalDate() string { return b.date + " 11:22:33 +0000" }

var stressBodies = func() []stressBody {
	bodies := []stressBody{
		{subject: "rain", text: "It rains.", date: "03-Mar-2021"},
		{subject: "sun and rain", text: "A longer text, in which the sun shines.\r\nTwice.", date: "04-Mar-2021"},
		{subject: "", text: "", date: "28-Feb-2020"},
		{subject: "snow", text: strings.Repeat("flakes fall slowly\r\n", 60), date: "31-Dec-2019"},
		{subject: "Sun", text: "short", date: "01-Jan-2022"},
	}
	for i := range bodies {
		b := &bodies[i]
		b.data = "From: stress@example.com\r\nSubject: " + b.subject + "\r\n\r\n" + b.text
	}
	return bodies
}()

// add puts a message into the mailbox.
func (b *stressBox) add(flags stressFlags, body int) *stressMessage {
	m := &stressMessage{uid: b.uidnext, flags: flags, body: body, after: b.highest}
	b.uidnext++
	b.messages = append(b.messages, m)
	return m
}

// remove takes messages out.
func (b *stressBox) remove(gone func(*stressMessage) bool) {
	b.messages = slices.DeleteFunc(b.messages, func(m *stressMessage) bool {
		m.gone = m.gone || gone(m)
		return m.gone
	})
}

// count returns how many messages a condition holds for.
func (b *stressBox) count(holds func(*stressMessage) bool) int {
	n := 0
	for _, m := range b.messages {
		if holds(m) {
			n++
		}
	}
	return n
}

// size is the sum of all messages.
func (b *stressBox) size() int {
	n := 0
	for _, m := range b.messages {
		n += len(stressBodies[m.body].data)
	}
	return n
}

// setFlags gives a message other flags. Every client that knows of it must
// hear of it, but by, who knows already.
func (s *Stress) setFlags(box *stressBox, m *stressMessage, flags stressFlags, by *stressClient) {
	if m.flags == flags {
		return
	}
	m.flags, m.after, m.modseq = flags, max(box.highest, m.after, m.modseq), 0
	for _, c := range s.clients {
		if c != by && c.box == box && slices.Contains(c.view, m) {
			c.stale[m] = true
		}
	}
}

// findBox returns the mailbox of a name.
func (s *Stress) findBox(name string) *stressBox {
	for _, b := range s.boxes {
		if b.name == name {
			return b
		}
	}
	return nil
}
