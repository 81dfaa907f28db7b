package transcript

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// args compares what follows the name of a response, in the way that the
// RFC has for this response.
func (m *matcher) args(e *expectedResponse, r *Response) error {
	if len(e.args) == 1 && (e.args[0].op == "rest" || e.args[0].op == "any" && len(r.Args) == 1) {
		return nil
	}
	switch r.Name {
	case "FETCH", "UIDFETCH":
		if len(e.args) != 1 || e.args[0].op != "list" || len(r.Args) != 1 || r.Args[0].Kind != List {
			return errors.New("FETCH is followed by one list")
		}
		return m.pairs(e.args[0].list, r.Args[0].List, m.fetchValue)
	case "CONVERTED":
		return m.converted(e.args, r.Args)
	case "CONVERSION":
		m.insensitive = true
		return m.list(e.args, orElse(e.argsMode, inOrder), r.Args)
	case "STATUS":
		if len(e.args) == 2 && e.args[1].whatever() {
			return m.list(e.args, inOrder, r.Args)
		}
		if len(e.args) != 2 || e.args[1].op != "list" || len(r.Args) != 2 || r.Args[1].Kind != List {
			return errors.New("STATUS is followed by a name and one list")
		}
		if err := m.value(e.args[0], r.Args[0]); err != nil {
			return err
		}
		return m.pairs(e.args[1].list, r.Args[1].List, m.plainValue)
	case "QUOTA":
		return m.quota(e.args, r.Args)
	case "LIST", "LSUB":
		return m.listResponse(e.args, r.Args)
	case "FLAGS":
		if len(e.args) != 1 || len(r.Args) != 1 {
			return errors.New("FLAGS is followed by one list")
		}
		return m.flags(e.args[0], r.Args[0], containing)
	case "CAPABILITY", "ENABLED":
		return m.list(e.args, orElse(e.argsMode, containing), r.Args)
	case "METADATA":
		return m.metadata(e.args, r.Args)
	case "URLFETCH":
		return m.urlfetch(e.args, r.Args)
	case "ACL":
		return m.acl(e.args, r.Args)
	case "SEARCH":
		return m.searchResponse(e.args, r.Args)
	case "ESEARCH":
		return m.esearch(e.args, r.Args)
	}
	return m.list(e.args, orElse(e.argsMode, inOrder), r.Args)
}

func orElse(mode, otherwise listMode) listMode {
	if mode == byContext {
		return otherwise
	}
	return mode
}

// whatever reports whether a pattern is met by any list.
func (p pattern) whatever() bool { return p.op == "any" || p.op == "rest" }

// list compares a list in one of the modes.
func (m *matcher) list(want []pattern, mode listMode, got []Value) error {
	want, rest := cutRest(want)
	switch {
	case mode == containing || mode == anyOrder && rest:
		return m.bag(want, containing, got)
	case mode == anyOrder:
		return m.bag(want, anyOrder, got)
	case rest:
		if len(got) > len(want) {
			got = got[:len(want)]
		}
	}
	for i, p := range want {
		if i >= len(got) {
			return fmt.Errorf("%d items were due, not %d", len(want), len(got))
		}
		if err := m.value(p, got[i]); err != nil {
			return fmt.Errorf("item %d: %w", i+1, err)
		}
	}
	if len(got) > len(want) {
		return fmt.Errorf("%d items were due, not %d: %s is too much", len(want), len(got), got[len(want)])
	}
	return nil
}

// cutRest takes "<rest>" from the end of a list, and reports whether it stood there.
func cutRest(want []pattern) ([]pattern, bool) {
	if n := len(want); n > 0 && want[n-1].op == "rest" {
		return want[:n-1], true
	}
	return want, false
}

// bag compares without order; each expected item must meet its own value.
func (m *matcher) bag(want []pattern, mode listMode, got []Value) error {
	used := make([]bool, len(got))
	taken := 0
	for _, p := range want {
		at, err := m.pick(p, got, used)
		switch {
		case p.not && at >= 0:
			return fmt.Errorf("%s must not be there", got[at])
		case !p.not && at < 0:
			return fmt.Errorf("%s is missing", err)
		case !p.not:
			used[at] = true
			taken++
		}
	}
	if mode == anyOrder && taken < len(got) {
		for i, v := range got {
			if !used[i] {
				return fmt.Errorf("%s is too much", v)
			}
		}
	}
	return nil
}

// pick finds an unused value that the pattern meets; without one it returns
// -1 and an error that names the pattern.
func (m *matcher) pick(p pattern, got []Value, used []bool) (int, error) {
	for i, v := range got {
		if used[i] {
			continue
		}
		try := &matcher{vars: m.vars.clone(), insensitive: m.insensitive}
		if try.value(p, v) == nil {
			m.vars = try.vars
			return i, nil
		}
	}
	return -1, errors.New(p.String())
}

// String shows a pattern for people.
func (p pattern) String() string {
	switch p.op {
	case "is":
		return p.text
	case "bind":
		return "$" + p.bind
	case "list":
		return "a list"
	}
	return "<" + strings.TrimSpace(p.op+" "+p.text) + ">"
}

// pairs compares name-value lists without order; more names than expected
// may come (RFC 9051 §7: a client must accept data at any time).
func (m *matcher) pairs(want []pattern, got []Value, compare func(string, pattern, Value) error) error {
	if len(got)%2 != 0 {
		return errors.New("a list of names and values has an odd number of items")
	}
	for i := 0; i < len(want); i++ {
		name := want[i]
		if name.op == "rest" {
			continue // more may come anyway
		}
		at := -1
		for j := 0; j < len(got); j += 2 {
			if strings.EqualFold(got[j].Text, name.text) {
				at = j
			}
		}
		if name.not {
			if at >= 0 {
				return fmt.Errorf("%s must not be there", name.text)
			}
			continue
		}
		i++
		if i >= len(want) {
			return fmt.Errorf("%s is expected without a value", name.text)
		}
		if at < 0 {
			return fmt.Errorf("%s is missing", name.text)
		}
		if err := compare(strings.ToUpper(name.text), want[i], got[at+1]); err != nil {
			return fmt.Errorf("%s: %w", name.text, err)
		}
	}
	return nil
}

func (m *matcher) plainValue(_ string, p pattern, v Value) error { return m.value(p, v) }

// fetchValue compares the value of a FETCH item: flags in any order, media
// types and parameter names without case (RFC 9051 §7.5.2).
func (m *matcher) fetchValue(name string, p pattern, v Value) error {
	switch name {
	case "FLAGS":
		return m.flags(p, v, anyOrder)
	case "ANNOTATION":
		return m.annotation(p, v)
	case "BODY", "BODYSTRUCTURE":
		m.insensitive = true
		defer func() { m.insensitive = false }()
	}
	return m.value(p, v)
}

// flags compares flag lists; \Recent, which only one session sees and rev2
// has not, counts only where it is expected by name.
func (m *matcher) flags(p pattern, v Value, mode listMode) error {
	if p.op != "list" || v.Kind != List {
		return m.value(p, v)
	}
	got := v.List
	named := false
	for _, want := range p.list {
		named = named || strings.EqualFold(want.text, `\Recent`)
	}
	if !named {
		got = nil
		for _, flag := range v.List {
			if !strings.EqualFold(flag.Text, `\Recent`) {
				got = append(got, flag)
			}
		}
	}
	return m.list(p.list, orElse(p.mode, mode), got)
}

// listResponse compares LIST and LSUB: attributes, separator, name, and the
// extended data only where it is expected (RFC 9051 §7.3.1).
func (m *matcher) listResponse(want []pattern, got []Value) error {
	want, _ = cutRest(want)
	if len(got) < 3 || len(want) < 3 {
		return errors.New("attributes, separator and name are due")
	}
	if want[0].op != "list" && want[0].op != "any" || got[0].Kind != List {
		return errors.New("the attributes are a list")
	}
	// The name first: a wrong name is the more telling mismatch.
	if err := m.mailbox(want[2], got[2]); err != nil {
		return err
	}
	if err := m.list(want[0].list, orElse(want[0].mode, containing), got[0].List); err != nil {
		return fmt.Errorf("attributes: %w", err)
	}
	if err := m.value(want[1], got[1]); err != nil {
		return fmt.Errorf("separator: %w", err)
	}
	if len(want) == 3 {
		return nil
	}
	if len(got) == 3 && want[3].op == "list" && !slices.ContainsFunc(want[3].list, func(p pattern) bool { return !p.not }) {
		return nil // nothing but what must not be there was named
	}
	if len(got) < 4 || got[3].Kind != List {
		return errors.New("extended data is missing")
	}
	if want[3].op == "list" {
		return m.pairs(want[3].list, got[3].List, m.plainValue)
	}
	return m.value(want[3], got[3])
}

// mailbox compares names; INBOX in any case is INBOX (RFC 9051 §5.1).
func (m *matcher) mailbox(p pattern, v Value) error {
	if p.op == "is" && strings.EqualFold(p.text, "INBOX") && strings.EqualFold(v.Text, "INBOX") {
		return nil
	}
	if v.isNil() && p.op == "is" && p.text == "NIL" {
		return nil
	}
	return m.value(p, v)
}

// searchResponse compares the numbers without order; (MODSEQ n) may follow
// them (RFC 7162 §3.1.5).
func (m *matcher) searchResponse(want []pattern, got []Value) error {
	if n := len(got); n > 0 && got[n-1].Kind == List && (len(want) == 0 || want[len(want)-1].op != "list") {
		got = got[:n-1]
	}
	return m.list(want, anyOrder, got)
}

// esearch compares the correlator, UID and the pairs (RFC 9051 §7.3.4).
func (m *matcher) esearch(want []pattern, got []Value) error {
	if len(got) > 0 && got[0].Kind == List {
		if len(want) > 0 && want[0].op == "list" {
			if err := m.list(want[0].list, inOrder, got[0].List); err != nil {
				return fmt.Errorf("correlator: %w", err)
			}
			want = want[1:]
		}
		got = got[1:]
	} else if len(want) > 0 && want[0].op == "list" {
		return errors.New("the correlator (TAG ...) is missing")
	}
	if len(want) == 1 && want[0].op == "rest" {
		return nil // in UIDs or in message numbers
	}
	wantUID := len(want) > 0 && strings.EqualFold(want[0].text, "UID") && !want[0].not
	gotUID := len(got) > 0 && strings.EqualFold(got[0].Text, "UID")
	if wantUID != gotUID {
		return fmt.Errorf("UID is there: %t, was due: %t", gotUID, wantUID)
	}
	if wantUID {
		want, got = want[1:], got[1:]
	}
	return m.pairs(want, got, m.plainValue)
}
