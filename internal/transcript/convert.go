package transcript

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// converted compares a CONVERTED response: the command's tag, and the items in any
// order, media types and their parameters without case (RFC 5259 §8.1, §10).
func (m *matcher) converted(want []pattern, got []Value) error {
	if len(want) != 2 || want[1].op != "list" || len(got) != 2 || got[1].Kind != List {
		return m.list(want, inOrder, got)
	}
	if err := m.value(want[0], got[0]); err != nil {
		return fmt.Errorf("correlator: %w", err)
	}
	return m.pairs(want[1].list, got[1].List, m.convertedValue)
}

func (m *matcher) convertedValue(name string, p pattern, v Value) error {
	if !strings.HasPrefix(name, "BODY[") && !strings.HasPrefix(name, "BINARY[") || v.Kind == List {
		m.insensitive = true
		defer func() { m.insensitive = false }()
	}
	return m.value(p, v)
}

// converted judges what every CONVERTED response must be (RFC 5259 §8.1, §10): the
// number of a message, the tag of a command that has no result yet, and items, of
// which UID is the first.
func (l *ledger) converted(r *Response) error {
	seq, err := l.convertedNumber(r)
	if err != nil {
		return err
	}
	if len(r.Args) != 2 || len(r.Args[0].List) != 2 || !strings.EqualFold(r.Args[0].List[0].Text, "TAG") {
		return errors.New("CONVERTED has no correlator (RFC 5259 §8.1)")
	}
	if tag := r.Args[0].List[1]; !tag.isString() || !l.isPending(tag.Text) {
		return fmt.Errorf("%s is the tag of no command that goes on (RFC 5259 §8.1)", tag)
	}
	items := r.Args[1].List
	if len(items) < 2 || len(items)%2 != 0 {
		return errors.New("CONVERTED has no items, or one without a value (RFC 5259 §10)")
	}
	for i := 0; i < len(items); i += 2 {
		if err := l.convertedItem(seq, i, strings.ToUpper(items[i].Text), items[i+1]); err != nil {
			return err
		}
	}
	if l.pendingAny("UID CONVERT") && !l.pendingAny("CONVERT") && !strings.EqualFold(items[0].Text, "UID") {
		return errors.New("UID CONVERT is answered without UID (RFC 5259 §6)")
	}
	return nil
}

// convertedNumber is the number of the message, or 0 if it is not known by its UID,
// which stands there under UIDONLY (RFC 9586 §3).
func (l *ledger) convertedNumber(r *Response) (int, error) {
	if !l.enabled["UIDONLY"] {
		return l.seq(r)
	}
	uid, err := strconv.ParseUint(r.Number, 10, 32)
	if err != nil || uid == 0 {
		return 0, fmt.Errorf("CONVERTED of UID %q", r.Number)
	}
	if !l.known {
		return 0, nil
	}
	err = l.learnUID(uint32(uid))
	return slices.Index(l.uids, uint32(uid)) + 1, err
}

// convertedItem judges one item.
func (l *ledger) convertedItem(seq, at int, name string, v Value) error {
	word, _, _ := strings.Cut(name, "[")
	switch {
	case word == "UID" && at > 0:
		return errors.New("UID is not the first item (RFC 5259 §8.1)")
	case word == "UID":
		uid, err := strconv.ParseUint(v.Text, 10, 32)
		if err != nil {
			return err
		}
		if seq == 0 {
			return nil
		}
		return l.setUID(seq, uint32(uid))
	case v.Kind == List && len(v.List) > 0 && v.List[0].Kind == Atom && strings.EqualFold(v.List[0].Text, "ERROR"):
		return convertError(v.List)
	case word == "AVAILABLECONVERSIONS" && (v.Kind != List || len(v.List) != 1 || v.List[0].Kind != List):
		return errors.New("AVAILABLECONVERSIONS is a list in a list (RFC 5259 §10)")
	case word == "BINARY.SIZE" && !isNumber(v.Text):
		return errors.New("BINARY.SIZE is a number (RFC 5259 §10)")
	}
	return nil
}

// convertError judges what stands for an item that failed (RFC 5259 §9, §10).
func convertError(list []Value) error {
	if len(list) < 3 || !list[1].isString() {
		return errors.New("ERROR without a text and a code (RFC 5259 §10)")
	}
	switch rest := list[3:]; strings.ToUpper(list[2].Text) {
	case "TEMPFAIL":
		if len(rest) > 1 || len(rest) == 1 && !isNumber(rest[0].Text) {
			return errors.New("TEMPFAIL takes minutes and nothing else (RFC 5259 §10)")
		}
	case "BADPARAMETERS", "MISSINGPARAMETERS":
		if len(rest) < 2 || rest[0].Kind != Quoted && !rest[0].isNil() || rest[1].Kind != Quoted {
			return fmt.Errorf("%s takes two media types in quotes (RFC 5259 §10)", list[2].Text)
		}
	default:
		return fmt.Errorf("%s is no code of ERROR (RFC 5259 §9)", list[2].Text)
	}
	return nil
}
