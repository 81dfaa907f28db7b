package imapserver

import (
	"reflect"
	"testing"

	"github.com/restante/restante/imap"
)

// The aim: one limit is advertised at most, and COPY and APPEND know both
// (RFC 9738 §3).
func TestLimitCapability(t *testing.T) {
	for _, c := range []struct {
		messages, saves int
		name            imap.Capability
		savesMax        int
	}{
		{0, 0, "", 0}, {1000, 0, "MESSAGELIMIT=1000", 1000}, {0, 2000, "SAVELIMIT=2000", 2000}, {1000, 2000, "MESSAGELIMIT=1000", 1000},
	} {
		limits := Limits{MessagesMax: c.messages, SavesMax: c.saves}.withDefaults()
		if got := limits.limitCapability(); got != c.name {
			t.Errorf("%+v: %q", c, got)
		}
		if got := limits.savesMax(); got != c.savesMax {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

// The aim: what is left of too many messages are those with the highest UIDs.
func TestCutToNewest(t *testing.T) {
	set := imap.UIDSet{{Start: 2, Stop: 4}, {Start: 9, Stop: 9}}
	for limit, want := range []imap.UIDSet{nil, {{Start: 9, Stop: 9}}, {{Start: 4, Stop: 4}, {Start: 9, Stop: 9}}, {{Start: 3, Stop: 4}, {Start: 9, Stop: 9}}, nil, nil} {
		if got := cutToNewest(set, limit); !reflect.DeepEqual(got, want) {
			t.Errorf("%d: %v", limit, got)
		}
	}
}
