package transcript

import (
	"fmt"
	"slices"
	"strings"
)

// learn takes flags from the responses of the last command. The ledger has
// seen them one by one and knows which numbers they meant; here only
// responses that name their UID, or whose number's UID is still sure, count.
func (ss *stormSession) learn() error {
	ss.note()
	sure := !slices.ContainsFunc(ss.inbox, func(r *Response) bool { return r.Name == "EXPUNGE" || r.Name == "VANISHED" })
	for _, r := range ss.inbox {
		f := readFetched(r)
		if !r.tellsMessage() || f.flags == "" {
			continue
		}
		if f.uid == 0 && sure {
			f.uid = ss.uidOf(r.Number)
		}
		if f.uid != 0 {
			ss.flags[f.uid] = f.flags
		} else {
			// Whose flags these are is not known without replaying the order.
			clear(ss.flags)
		}
	}
	return nil
}

func (ss *stormSession) uidOf(number string) uint32 {
	seq := 0
	fmt.Sscan(number, &seq)
	if seq < 1 || seq > len(ss.ledger.uids) {
		return 0
	}
	return ss.ledger.uids[seq-1]
}

// flagText is a set of flags in one spelling, never empty.
func flagText(flags []Value) string {
	var out []string
	for _, flag := range flags {
		if !strings.EqualFold(flag.Text, `\Recent`) {
			out = append(out, strings.ToLower(flag.Text))
		}
	}
	slices.Sort(out)
	return "(" + strings.Join(out, " ") + ")"
}

// compare lets every session catch up once, and holds its belief to what a
// new session finds.
func (s *Storm) compare(sessions []*stormSession, calm *stormSession, box string) error {
	for i, ss := range sessions {
		if err := ss.do("NOOP"); err != nil {
			return fmt.Errorf("seed %d, session %d: %w", s.Seed, i, err)
		}
	}
	truth, err := s.enter("truth", box, Dialects[0], false)
	if err != nil {
		return err
	}
	defer truth.close()
	if err := truth.everything(); err != nil {
		return err
	}
	for i, ss := range sessions {
		told := make(map[uint32]string, len(ss.flags))
		for uid, flags := range ss.flags {
			told[uid] = flags
		}
		if err := ss.everything(); err != nil {
			return err
		}
		if !slices.Equal(ss.ledger.uids, truth.ledger.uids) {
			return fmt.Errorf("seed %d: session %d (%s) has the UIDs %v, a new session %v", s.Seed, i, ss.dialect.Name, ss.ledger.uids, truth.ledger.uids)
		}
		for _, uid := range truth.ledger.uids {
			if flags, known := told[uid]; known && flags != truth.flags[uid] {
				return fmt.Errorf("seed %d: session %d (%s) was last told %s of UID %d, and it has %s\n%s", s.Seed, i, ss.dialect.Name, flags, uid, truth.flags[uid], ss.wire.tail(4*wireTail))
			}
		}
	}
	if _, err := calm.line("CLOSE"); err != nil {
		return err
	}
	for _, name := range []string{box, box + "-b"} {
		if _, err := calm.line("DELETE %s", quote(name)); err != nil {
			return err
		}
	}
	return nil
}

// everything fetches all UIDs and flags; an empty mailbox has none.
func (ss *stormSession) everything() error {
	if len(ss.ledger.uids) == 0 {
		return nil
	}
	return ss.do("FETCH 1:* (UID FLAGS)")
}
