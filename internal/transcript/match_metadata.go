package transcript

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// metadata compares METADATA: the mailbox, and then values, whose entries know
// no case and come in any order, or the names of entries (RFC 5464 §4.4).
func (m *matcher) metadata(want []pattern, got []Value) error {
	if len(want) < 2 || len(got) < 2 {
		return m.list(want, inOrder, got)
	}
	if err := m.mailbox(want[0], got[0]); err != nil || want[1].whatever() {
		return err
	}
	if got[1].Kind != List {
		m.insensitive = true
		defer func() { m.insensitive = false }()
		return m.list(want[1:], containing, got[1:])
	}
	if want[1].op != "list" || len(got) > 2 {
		return errors.New("values come in one list, and were not due")
	}
	return m.pairs(want[1].list, got[1].List, m.plainValue)
}

// annotation compares ANNOTATION: entries, each with a list of attributes and
// values in any order, or the names of entries alone (RFC 5257 §4.4).
func (m *matcher) annotation(p pattern, v Value) error {
	if p.op != "list" || v.Kind != List {
		return m.value(p, v)
	}
	if len(v.List) > 1 && v.List[1].Kind == List {
		return m.pairs(p.list, v.List, func(_ string, p pattern, v Value) error {
			if p.op != "list" || v.Kind != List {
				return m.value(p, v)
			}
			if len(p.list) != len(v.List) && !slices.ContainsFunc(p.list, func(p pattern) bool { return p.not }) {
				return fmt.Errorf("%d attributes and values were due, not %d", len(p.list), len(v.List))
			}
			return m.pairs(p.list, v.List, m.plainValue)
		})
	}
	return m.list(p.list, containing, v.List)
}

// metadata says what a METADATA response breaks: values answer a question, and
// names of entries come only where they were enabled (RFC 5464 §4.1).
func (l *ledger) metadata(r *Response) error {
	if len(r.Args) < 2 {
		return errors.New("METADATA is followed by a mailbox and entries")
	}
	if r.Args[1].Kind != List {
		if l.notify.metadata || l.enabled["METADATA"] || l.enabled["METADATA-SERVER"] && r.Args[0].Text == "" {
			return nil
		}
		return errors.New("changed entries are told, but METADATA is not enabled (RFC 5464 §4.1)")
	}
	for i, v := range r.Args[1].List {
		if i%2 == 0 && !strings.HasPrefix(v.Text, "/") {
			return fmt.Errorf("%s is no entry (RFC 5464 §3.2)", v)
		}
	}
	if !slices.ContainsFunc(l.pending, func(p pendingCommand) bool { return p.name == "GETMETADATA" || p.name == "LIST" }) {
		return errors.New("values of entries are told, but were not asked for (RFC 5464 §4.4)")
	}
	return nil
}
