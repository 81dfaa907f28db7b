package store

import (
	"bytes"
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
)

// plan is what one commit makes of one account's rows. It is made before the
// commit is durable, serves as a layer over the index while it is on its way
// to the disk, and is written to the index when it has arrived. After it was
// made only the goroutine that holds the account's lock looks things up in
// it; the one that applies it only goes through the list.
type plan struct {
	account  mail.AccountID
	position imap.ModSeq
	head     index.Head // of the account, after it
	// erase says that every row of the account goes before the writes.
	erase bool
	rows  writes
	uids  []uidsChange
	// change is what sessions are told.
	change *mail.Change
}

// uidsChange says how a plan changes the UIDs of a mailbox.
type uidsChange struct {
	mailbox        mail.MailboxID
	added, removed imap.UIDSet
	// gone says that the mailbox was deleted or numbered anew.
	gone bool
}

// write is a row to be set, or with a nil value deleted.
type write struct {
	key, value []byte
	// placed says that the value begins with the place of a body, which is
	// looked up, if it is zero, when the write reaches the index.
	placed bool
}

// writes are writes in order; of one key the last counts.
type writes struct {
	list   []write
	memory []byte
	newest map[string]int // of list[:known]
	known  int
}

// linearMax is up to how many writes are searched one by one.
const linearMax = 24

// keep copies b into memory that lives as long as the writes.
func (w *writes) keep(b []byte) []byte {
	if cap(w.memory)-len(w.memory) < len(b) {
		w.memory = make([]byte, 0, max(len(b), min(64<<10, 2*cap(w.memory)), 1<<10))
	}
	start := len(w.memory)
	w.memory = append(w.memory, b...)
	return w.memory[start:len(w.memory):len(w.memory)]
}

func (w *writes) set(key, value []byte) {
	w.list = append(w.list, write{key: w.keep(key), value: w.keep(value)})
}
func (w *writes) delete(key []byte) { w.list = append(w.list, write{key: w.keep(key)}) }

// setPlaced sets a row that begins with a body's place, and returns which
// write it is.
func (w *writes) setPlaced(key, value []byte) int {
	w.list = append(w.list, write{w.keep(key), w.keep(value), true})
	return len(w.list) - 1
}

// get returns the newest value written to a key, and whether there is one.
func (w *writes) get(key []byte) (value []byte, written bool) {
	if len(w.list) <= linearMax {
		for i := len(w.list) - 1; i >= 0; i-- {
			if bytes.Equal(w.list[i].key, key) {
				return w.list[i].value, true
			}
		}
		return nil, false
	}
	if w.newest == nil {
		w.newest = make(map[string]int, len(w.list))
	}
	for ; w.known < len(w.list); w.known++ {
		w.newest[string(w.list[w.known].key)] = w.known
	}
	i, written := w.newest[string(key)]
	if !written {
		return nil, false
	}
	return w.list[i].value, true
}

// within appends the writes to keys from lower up to upper.
func (w *writes) within(to []write, lower, upper []byte) []write {
	for _, one := range w.list {
		if bytes.Compare(one.key, lower) >= 0 && (upper == nil || bytes.Compare(one.key, upper) < 0) {
			to = append(to, one)
		}
	}
	return to
}

// layered reads rows as they will be when all plans over the index, oldest
// first, are applied. Plans may be applied meanwhile: what they wrote is then
// found in both places, and is the same.
type layered struct {
	base index.Reader
	over []*plan
}

func (l *layered) Get(key []byte) ([]byte, error) {
	for _, p := range slices.Backward(l.over) {
		if value, written := p.rows.get(key); written {
			return value, nil
		}
	}
	return l.base.Get(key)
}

func (l *layered) Scan(lower, upper []byte) index.Cursor {
	var over []write
	for _, p := range l.over {
		over = p.rows.within(over, lower, upper)
	}
	base := l.base.Scan(lower, upper)
	if len(over) == 0 {
		return base
	}
	slices.SortStableFunc(over, func(a, b write) int { return bytes.Compare(a.key, b.key) })
	newest := over[:0]
	for i, one := range over {
		if i+1 < len(over) && bytes.Equal(one.key, over[i+1].key) {
			continue
		}
		newest = append(newest, one)
	}
	return &merged{base: base, over: newest}
}

// merged is a cursor over rows with writes over them.
type merged struct {
	base    index.Cursor
	over    []write // ascending, each key once
	started bool
	inBase  bool // base stands on a row
	onOver  bool // the current row is over[0]
}

func (m *merged) Next() bool {
	switch {
	case !m.started:
		m.started = true
		m.inBase = m.base.Next()
	case m.onOver:
		m.skipOver()
	default:
		m.inBase = m.base.Next()
	}
	return m.settle()
}

func (m *merged) Seek(key []byte) bool {
	// A cursor that has passed over deleted rows may stand behind the key.
	if m.started && (!m.onOver && !m.inBase || bytes.Compare(m.Key(), key) >= 0) {
		return m.onOver || m.inBase
	}
	m.started = true
	m.inBase = m.base.Seek(key)
	for len(m.over) > 0 && bytes.Compare(m.over[0].key, key) < 0 {
		m.over = m.over[1:]
	}
	return m.settle()
}

// skipOver passes over the first write and the row that it hides.
func (m *merged) skipOver() {
	if m.inBase && bytes.Equal(m.base.Key(), m.over[0].key) {
		m.inBase = m.base.Next()
	}
	m.over = m.over[1:]
}

// settle stops at the smaller of both rows, passing over deleted ones.
func (m *merged) settle() bool {
	for len(m.over) > 0 {
		if m.inBase && bytes.Compare(m.base.Key(), m.over[0].key) < 0 {
			break
		}
		if m.over[0].value != nil {
			m.onOver = true
			return true
		}
		m.skipOver()
	}
	m.onOver = false
	return m.inBase
}

func (m *merged) Key() []byte {
	if m.onOver {
		return m.over[0].key
	}
	return m.base.Key()
}

func (m *merged) Value() []byte {
	if m.onOver {
		return m.over[0].value
	}
	return m.base.Value()
}

func (m *merged) Close() error { return m.base.Close() }
