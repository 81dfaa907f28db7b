package transcript

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// note keeps UIDVALIDITY and the mod-sequence that a client must keep: the
// last HIGHESTMODSEQ code of a command's responses, whatever else it has seen,
// and otherwise the highest MODSEQ among them (RFC 7162 §6).
func (ss *stormSession) note() {
	highest, told := uint64(0), uint64(0)
	for _, r := range ss.inbox {
		switch {
		case r.codeName() == "UIDVALIDITY" && len(r.Code) == 2:
			ss.uidvalidity = r.Code[1].Text
		case r.codeName() == "HIGHESTMODSEQ" && len(r.Code) == 2:
			told, _ = strconv.ParseUint(r.Code[1].Text, 10, 64)
		case r.Name == "FETCH":
			highest = max(highest, readFetched(r).modseq)
		}
	}
	if told == 0 {
		told = max(highest, ss.modseq)
	}
	ss.modseq = told
}

// fetched is what a FETCH response says, as far as the storm looks.
type fetched struct {
	uid    uint32
	flags  string // as flagText writes them; empty when not told
	modseq uint64
}

func readFetched(r *Response) fetched {
	var f fetched
	if len(r.Args) != 1 {
		return f
	}
	items := r.Args[0].List
	for i := 0; i+1 < len(items); i += 2 {
		switch value := items[i+1]; strings.ToUpper(items[i].Text) {
		case "UID":
			uid, _ := strconv.ParseUint(value.Text, 10, 32)
			f.uid = uint32(uid)
		case "FLAGS":
			f.flags = flagText(value.List)
		case "MODSEQ":
			if len(value.List) == 1 {
				f.modseq, _ = strconv.ParseUint(value.List[0].Text, 10, 64)
			}
		}
	}
	return f
}

// resynchronise leaves the mailbox and comes back with QRESYNC, as a client
// that kept its cache, and holds the cache to what is there (RFC 7162 §3.2.5).
func (ss *stormSession) resynchronise() error {
	cache := map[uint32]string{}
	for _, uid := range ss.ledger.uids {
		if flags, known := ss.flags[uid]; known {
			cache[uid] = flags
		}
	}
	if err := ss.do("UNSELECT"); err != nil {
		return err
	}
	ss.absorb(cache)
	from := fmt.Sprintf("(%s %d)", ss.uidvalidity, ss.modseq)
	ss.flags = map[uint32]string{}
	if err := ss.do("SELECT " + quote(ss.box) + " (QRESYNC " + from + ")"); err != nil {
		return err
	}
	ss.absorb(cache)
	return ss.check(cache, ss.modseq, from)
}

// absorb brings a cache up to what the last responses said.
func (ss *stormSession) absorb(cache map[uint32]string) {
	ss.vanish(cache)
	for _, r := range ss.inbox {
		if f := readFetched(r); r.Name == "FETCH" && f.flags != "" && f.uid != 0 {
			cache[f.uid] = f.flags
		}
	}
}

// vanish takes what the last responses said to be gone out of a cache.
func (ss *stormSession) vanish(cache map[uint32]string) {
	for _, r := range ss.inbox {
		if r.Name != "VANISHED" || len(r.Args) == 0 {
			continue
		}
		set, err := parseSet(r.Args[len(r.Args)-1].Text)
		if err != nil {
			continue
		}
		maps.DeleteFunc(cache, func(uid uint32, _ string) bool {
			return slices.ContainsFunc(set, func(s span) bool { return s.low <= uint64(uid) && uint64(uid) <= s.high })
		})
	}
}

// check compares a cache that was brought up to a mod-sequence. Others go on
// meanwhile: what changed later does not count, and what is told to be gone
// later is gone.
func (ss *stormSession) check(cache map[uint32]string, upTo uint64, from string) error {
	if err := ss.do("UID FETCH 1:* (FLAGS MODSEQ)"); err != nil {
		return err
	}
	missing := maps.Clone(cache)
	for _, r := range ss.inbox {
		f := readFetched(r)
		if r.Name != "FETCH" {
			continue
		}
		delete(missing, f.uid)
		if flags, known := cache[f.uid]; known && f.modseq <= upTo && f.flags != "" && flags != f.flags {
			return fmt.Errorf("QRESYNC %s lost a change: UID %d has %s since %d, the cache %s", from, f.uid, f.flags, f.modseq, flags)
		}
	}
	ss.vanish(missing)
	if err := ss.do("NOOP"); err != nil {
		return err
	}
	if ss.vanish(missing); len(missing) > 0 {
		return fmt.Errorf("QRESYNC %s lost a removal: %v", from, missing)
	}
	return nil
}
