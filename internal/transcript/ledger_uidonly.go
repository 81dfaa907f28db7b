package transcript

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// uidOnly refuses what tells a message number once UIDONLY is enabled, and what
// belongs to UIDONLY while it is not (RFC 9586 §3).
func (l *ledger) uidOnly(r *Response) error {
	if !l.enabled["UIDONLY"] {
		if r.Name == "UIDFETCH" {
			return errors.New("UIDFETCH came, but UIDONLY is not enabled (RFC 9586 §3.1)")
		}
		return nil
	}
	switch r.Name {
	case "FETCH", "EXPUNGE":
		return fmt.Errorf("%s tells a message number, though UIDONLY is enabled (RFC 9586 §3.3, §3.4)", r.Name)
	case "ESEARCH":
		if !slices.ContainsFunc(r.Args, func(v Value) bool { return v.Kind == Atom && strings.EqualFold(v.Text, "UID") }) {
			return errors.New("ESEARCH without UID, though UIDONLY is enabled (RFC 9586 §3)")
		}
	case "SEARCH", "SORT", "THREAD":
		if l.pendingAny(r.Name) {
			return fmt.Errorf("%s answers in message numbers, though UIDONLY is enabled (RFC 9586 §3.2)", r.Name)
		}
	}
	switch r.codeName() {
	case "UNSEEN":
		return errors.New("the code UNSEEN tells a message number, though UIDONLY is enabled (RFC 9586 §3)")
	case "UIDNOTSTICKY":
		return errors.New("UIDNOTSTICKY is not compatible with UIDONLY (RFC 9586 §3.6)")
	}
	return nil
}

// tellsMessage reports the responses that tell of a message: FETCH, and UIDFETCH
// (RFC 9586 §3.3).
func (r *Response) tellsMessage() bool { return r.Name == "FETCH" || r.Name == "UIDFETCH" }

// uidFetch takes a UIDFETCH. Its UID must be one that was told of, as far as
// UIDs are known.
func (l *ledger) uidFetch(r *Response) error {
	n, err := strconv.ParseUint(r.Number, 10, 32)
	if err != nil || n == 0 {
		return fmt.Errorf("UIDFETCH of UID %q", r.Number)
	}
	if len(r.Args) != 1 || r.Args[0].Kind != List {
		return errors.New("UIDFETCH is followed by one list (RFC 9586 §4)")
	}
	items := r.Args[0].List
	for i := 0; i+1 < len(items); i += 2 {
		switch {
		case strings.EqualFold(items[i].Text, "UID") && items[i+1].Text != r.Number:
			return fmt.Errorf("UIDFETCH of UID %s has UID %s", r.Number, items[i+1].Text)
		case strings.EqualFold(items[i].Text, "FLAGS"):
			if err := l.flags(items[i+1].List); err != nil {
				return err
			}
		}
	}
	first := l.announced > 0 && !slices.Contains(l.uids, uint32(n))
	if first {
		l.announced--
	}
	if err := l.unsolicited(items, first); err != nil || !l.known {
		return err
	}
	return l.learnUID(uint32(n))
}

// learnUID notes the UID of the one message that is not known by UID yet. Of
// several nobody can tell which it is; they are the newest and stand at the end.
func (l *ledger) learnUID(uid uint32) error {
	if slices.Contains(l.uids, uid) {
		return nil
	}
	at := slices.Index(l.uids, 0)
	if at < 0 {
		return fmt.Errorf("UIDFETCH of UID %d, and the %d messages have other UIDs", uid, len(l.uids))
	}
	if at == len(l.uids)-1 {
		l.uids[at] = uid
		slices.Sort(l.uids)
	}
	return nil
}
