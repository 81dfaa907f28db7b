package transcript

import (
	"errors"
	"fmt"
)

// urlfetch compares one URL and its data with those of a response, which may hold
// several (RFC 4467 §8): a string or NIL, or one list or more (RFC 5524 §3.2).
func (m *matcher) urlfetch(want []pattern, got []Value) error {
	if len(want) == 1 && want[0].op == "rest" {
		return nil
	}
	nearest := errors.New("no URL came")
	for len(got) >= 2 {
		n := 2
		for got[1].Kind == List && n < len(got) && got[n].Kind == List {
			n++
		}
		try := &matcher{vars: m.vars.clone()}
		err := try.urlData(want, got[:n])
		if err == nil {
			m.vars = try.vars
			return nil
		}
		nearest, got = err, got[n:]
	}
	if len(got) > 0 {
		return errors.New("URLFETCH is followed by URLs, each with its data")
	}
	return nearest
}

// urlData compares one URL and what came of it.
func (m *matcher) urlData(want []pattern, got []Value) error {
	if err := m.value(want[0], got[0]); err != nil {
		return fmt.Errorf("URL: %w", err)
	}
	for i, p := range want[1:] {
		if i+1 >= len(got) {
			break
		}
		// Media types and the names of parameters know no case, texts do.
		m.insensitive = p.op == "list" && len(p.list) > 0 && p.list[0].text == "BODYPARTSTRUCTURE"
		err := m.value(p, got[i+1])
		m.insensitive = false
		if err != nil {
			return fmt.Errorf("item %d: %w", i+1, err)
		}
	}
	if len(want) != len(got) {
		return fmt.Errorf("%d items were due, not %d", len(want)-1, len(got)-1)
	}
	return nil
}
