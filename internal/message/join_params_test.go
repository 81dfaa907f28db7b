package message

import (
	"reflect"
	"testing"
)

// The aim: parameters in pieces become whole, in the form each dialect has.
func TestJoinParams(t *testing.T) {
	for _, test := range []struct {
		name              string
		have, raw, joined []Param
	}{
		{"nothing to do", []Param{{"charset", "utf-8"}}, []Param{{"charset", "utf-8"}}, []Param{{"charset", "utf-8"}}},
		{"pieces", []Param{{"a", "1"}, {"name*1", "name.bin"}, {"name*0", "a long "}, {"b", "2"}},
			[]Param{{"a", "1"}, {"name", "a long name.bin"}, {"b", "2"}}, []Param{{"a", "1"}, {"name", "a long name.bin"}, {"b", "2"}}},
		{"charset", []Param{{"name*0*", "iso-8859-1'fr'%E9"}, {"name*1", "t%"}, {"name*2*", "%E9"}},
			[]Param{{"name*", "iso-8859-1'fr'%E9t%25%E9"}}, []Param{{"name*", "ét%é"}}},
		{"one piece", []Param{{"name*", "utf-8''%C3%A9"}}, []Param{{"name*", "utf-8''%C3%A9"}}, []Param{{"name*", "é"}}},
		{"no beginning", []Param{{"name*1", "x"}, {"name*2", "y"}}, []Param{{"name*1", "x"}, {"name*2", "y"}}, []Param{{"name*1", "x"}, {"name*2", "y"}}},
		{"a lone star", []Param{{"*", "x"}}, []Param{{"*", "x"}}, []Param{{"*", "x"}}},
	} {
		if got := JoinParams(test.have, false); !reflect.DeepEqual(got, test.raw) {
			t.Errorf("%s, for older clients: %v, want %v", test.name, got, test.raw)
		}
		if got := JoinParams(test.have, true); !reflect.DeepEqual(got, test.joined) {
			t.Errorf("%s, decoded: %v, want %v", test.name, got, test.joined)
		}
	}
}
