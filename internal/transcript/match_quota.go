package transcript

import (
	"errors"
	"fmt"
	"strings"
)

// quota compares a root and its resources, each with usage and limit, in any
// order; more resources than expected may come, and one with "!" must not be
// there (RFC 9208 §4.2.1).
func (m *matcher) quota(want []pattern, got []Value) error {
	if len(want) == 2 && want[1].op == "rest" {
		return m.list(want, inOrder, got)
	}
	if len(want) != 2 || want[1].op != "list" || len(got) != 2 || got[1].Kind != List || len(got[1].List)%3 != 0 {
		return errors.New("QUOTA is followed by a root and a list of resources, each with usage and limit")
	}
	if err := m.value(want[0], got[0]); err != nil {
		return err
	}
	resources := got[1].List
	for names := want[1].list; len(names) > 0; {
		name, at := names[0], -1
		for i := 0; i < len(resources); i += 3 {
			if strings.EqualFold(resources[i].Text, name.text) {
				at = i
			}
		}
		if name.not {
			if at >= 0 {
				return fmt.Errorf("%s must not be limited", name.text)
			}
			names = names[1:]
			continue
		}
		if len(names) < 3 {
			return fmt.Errorf("%s is expected without usage and limit", name.text)
		}
		if at < 0 {
			return fmt.Errorf("%s is missing", name.text)
		}
		for i := 1; i < 3; i++ {
			if err := m.value(names[i], resources[at+i]); err != nil {
				return fmt.Errorf("%s: %w", name.text, err)
			}
		}
		names = names[3:]
	}
	return nil
}
