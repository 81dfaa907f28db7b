package transcript

import (
	"errors"
	"fmt"
	"strings"
)

// acl compares an ACL response: a name, and at least the pairs that are
// expected, in any order (RFC 4314 §3.6).
func (m *matcher) acl(want []pattern, got []Value) error {
	want, _ = cutRest(want)
	if len(want)%2 != 1 || len(got)%2 != 1 {
		return errors.New("ACL is followed by a name and pairs")
	}
	if err := m.value(want[0], got[0]); err != nil {
		return err
	}
	for i := 1; i < len(want); i += 2 {
		if !m.anyPair(want[i], want[i+1], got[1:]) {
			return fmt.Errorf("pair %d is not there", (i+1)/2)
		}
	}
	return nil
}

func (m *matcher) anyPair(identifier, rights pattern, got []Value) bool {
	for i := 0; i+1 < len(got); i += 2 {
		if m.value(identifier, got[i]) == nil && m.value(rights, got[i+1]) == nil {
			return true
		}
	}
	return false
}

// sameRights compares lists of rights as sets. Clients ignore the virtual "c"
// and "d" (RFC 4314 §2.1.1); whether they are there is judged by <contains>.
func sameRights(want, got string) bool {
	for _, letter := range got {
		if !strings.ContainsRune(want+"cd", letter) {
			return false
		}
	}
	for _, letter := range want {
		if !strings.ContainsRune(got, letter) {
			return false
		}
	}
	return true
}
