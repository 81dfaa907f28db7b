package query

import (
	"bytes"
	"slices"
	"testing"

	"github.com/restante/restante/imap"
)

// The aim: each comparator orders as its registration says (RFC 4790 §9).
func TestComparatorsOrder(t *testing.T) {
	for comparator, ordered := range map[Comparator][][]string{
		UnicodeCasemap: {{""}, {"A", "a"}, {"b"}, {"É", "é"}, {"f"}, {"_"}, {"ж", "Ж"}},
		ASCIICasemap:   {{""}, {"a", "A"}, {"Z"}, {"_"}, {"É"}, {"é"}},
		Octet:          {{""}, {"A"}, {"Z"}, {"_"}, {"a"}, {"É"}, {"é"}},
		ASCIINumeric:   {{""}, {"0", "00", "0x"}, {"7", "007", "7 of 9"}, {"10"}, {"999"}, {"1000"}, {"x", "-1", " 1"}},
	} {
		for i, group := range ordered {
			for _, a := range group {
				for j, other := range ordered {
					for _, b := range other {
						got := bytes.Compare(comparator.appendKey(nil, a), comparator.appendKey(nil, b))
						if (got < 0) != (i < j) || (got > 0) != (i > j) {
							t.Errorf("%s: %q and %q compare as %d", comparator, a, b, got)
						}
					}
				}
			}
		}
	}
}

// The aim: searching follows the comparator, also across the pieces of a stream.
func TestComparatorsFind(t *testing.T) {
	m := []*fakeMessage{newFake(1, plainMessage)}
	for _, test := range []struct {
		comparator Comparator
		text       string
		want       bool
	}{
		{UnicodeCasemap, "GRÜSSE", false}, {UnicodeCasemap, "GRÜ", true},
		{ASCIICasemap, "GRü", true}, {ASCIICasemap, "grÜ", false},
		{Octet, "Grü", true}, {Octet, "grü", false}, {Octet, "und\r\n", true},
	} {
		pattern := NewPatternIn(test.comparator, test.text)
		if got := len(run(t, Text{Pattern: pattern}, m)) == 1; got != test.want {
			t.Errorf("%s %q: found %v", test.comparator, test.text, got)
		}
	}
}

// The aim: a descending collation turns texts around, and nothing else.
func TestDescendingCollation(t *testing.T) {
	sorter := NewSorter([]imap.SortKey{{Field: imap.SortSubject}, {Field: imap.SortSize}}, Collation{Descending: true})
	for i, subject := range []string{"a", "b", "b"} {
		m := newFake(imap.UID(i+1), "Subject: "+subject+"\r\n\r\n")
		m.row.Size = int64(i)
		if err := sorter.Add(m); err != nil {
			t.Fatal(err)
		}
	}
	if got := sorter.Order(); !slices.Equal(got, []imap.UID{2, 3, 1}) {
		t.Errorf("got %v", got)
	}
}
