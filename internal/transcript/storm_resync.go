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
		case r.tellsMessage():
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
	if r.Name == "UIDFETCH" {
		uid, _ := strconv.ParseUint(r.Number, 10, 32)
		f.uid = uint32(uid)
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

// resynchronise leaves the mailbox and comes back as a client that kept its
// cache, and holds the cache to what is there (RFC 7162 §3.2.5, §6).
func (ss *stormSession) resynchronise() error {
	cache := map[uint32]string{}
	for _, uid := range ss.ledger.uids {
		if flags, known := ss.flags[uid]; known {
			cache[uid] = flags
		}
	}
	if err := ss.leave(cache); err != nil {
		return err
	}
	from := ss.modseq
	ss.flags = map[uint32]string{}
	if !ss.dialect.has("qresync") {
		return ss.changedSince(cache, from)
	}
	if err := ss.do(fmt.Sprintf("SELECT %s (QRESYNC (%s %d))", quote(ss.box), ss.uidvalidity, from)); err != nil {
		return err
	}
	ss.absorb(cache)
	missing, err := ss.check(cache, ss.modseq, from)
	if err != nil {
		return err
	}
	ss.vanish(missing)
	if err := ss.do("NOOP"); err != nil {
		return err
	}
	if ss.vanish(missing); len(missing) > 0 {
		return fmt.Errorf("from %d a removal was lost: %v", from, missing)
	}
	return nil
}

// changedSince is how a client without QRESYNC comes back: removals it finds
// by what is not there any more (RFC 7162 §3.1.4.1).
func (ss *stormSession) changedSince(cache map[uint32]string, from uint64) error {
	if err := ss.do("SELECT " + quote(ss.box)); err != nil {
		return err
	}
	upTo := ss.modseq
	if err := ss.do(fmt.Sprintf("UID FETCH 1:* (FLAGS) (CHANGEDSINCE %d)", max(from, 1))); err != nil {
		return err
	}
	ss.absorb(cache)
	_, err := ss.check(cache, upTo, from)
	return err
}

// leave leaves the mailbox politely, or loses the connection.
func (ss *stormSession) leave(cache map[uint32]string) error {
	if ss.random.IntN(2) == 0 {
		err := ss.do("UNSELECT")
		ss.absorb(cache)
		return err
	}
	ss.close()
	conn, err := ss.storm.connect(ss.name, ss.dialect)
	if err == nil {
		conn.restates = true
		ss.session = conn
	}
	return err
}

// absorb brings a cache up to what the last responses said.
func (ss *stormSession) absorb(cache map[uint32]string) {
	for _, r := range ss.inbox { // in their order: what was told of may vanish
		vanish(cache, r)
		if f := readFetched(r); r.tellsMessage() && f.flags != "" && f.uid != 0 {
			cache[f.uid] = f.flags
		}
	}
}

// vanish takes what the last responses said to be gone out of a cache.
func (ss *stormSession) vanish(cache map[uint32]string) {
	for _, r := range ss.inbox {
		vanish(cache, r)
	}
}

// vanish takes what a response says to be gone out of a cache.
func vanish(cache map[uint32]string, r *Response) {
	if r.Name != "VANISHED" || len(r.Args) == 0 {
		return
	}
	set, err := parseSet(r.Args[len(r.Args)-1].Text)
	if err != nil {
		return
	}
	maps.DeleteFunc(cache, func(uid uint32, _ string) bool {
		return slices.ContainsFunc(set, func(s span) bool { return s.low <= uint64(uid) && uint64(uid) <= s.high })
	})
}

// check compares a cache that was brought up to a mod-sequence, and returns
// what of it was not found. Others go on meanwhile: what changed later does
// not count.
func (ss *stormSession) check(cache map[uint32]string, upTo, from uint64) (map[uint32]string, error) {
	if err := ss.do("UID FETCH 1:* (FLAGS MODSEQ)"); err != nil {
		return nil, err
	}
	missing := maps.Clone(cache)
	for _, r := range ss.inbox {
		f := readFetched(r)
		if !r.tellsMessage() {
			continue
		}
		delete(missing, f.uid)
		if flags, known := cache[f.uid]; known && f.modseq <= upTo && f.flags != "" && flags != f.flags {
			return nil, fmt.Errorf("from %d a change was lost: UID %d has %s since %d, the cache %s", from, f.uid, f.flags, f.modseq, flags)
		}
	}
	return missing, nil
}
