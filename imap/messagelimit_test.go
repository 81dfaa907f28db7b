package imap

import "testing"

// The keys of RFC 9738 §3.2 are sets that end where UIDs do.
func TestUIDKeys(t *testing.T) {
	const last = UID(1<<32 - 1)
	for _, c := range []struct {
		set, want UIDSet
	}{
		{SearchUIDAfter{5}.UIDs(), UIDSet{{6, last}}}, {SearchUIDAfter{last}.UIDs(), nil},
		{SearchUIDBefore{5}.UIDs(), UIDSet{{1, 4}}}, {SearchUIDBefore{1}.UIDs(), nil},
	} {
		if len(c.set) != len(c.want) || len(c.set) == 1 && c.set[0] != c.want[0] {
			t.Errorf("%v, want %v", c.set, c.want)
		}
	}
}
