package transcript

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// matcher compares patterns with values; it binds variables as it goes, so a
// failed comparison's matcher is thrown away.
type matcher struct {
	vars        variables
	insensitive bool // strings compare without case, as in BODYSTRUCTURE
}

// response compares a whole response.
func (m *matcher) response(e *expectedResponse, r *Response) error {
	if e.tag != "" && e.tag != r.Tag {
		return fmt.Errorf("the tag is %s", r.Tag)
	}
	if e.tag == "+" {
		if len(e.args) == 0 {
			return nil
		}
		return m.value(e.args[0], Value{Kind: Atom, Text: r.Text})
	}
	if e.statuses != nil {
		if !slices.Contains(e.statuses, r.Name) {
			return fmt.Errorf("it is %s", r.Name)
		}
		return m.code(e, r)
	}
	if e.name != r.Name || (e.number == nil) != (r.Number == "") {
		return fmt.Errorf("it is %s", r.Name)
	}
	if e.number != nil {
		if err := m.value(*e.number, Value{Kind: Atom, Text: r.Number}); err != nil {
			return fmt.Errorf("number: %w", err)
		}
	}
	return m.args(e, r)
}

func (m *matcher) code(e *expectedResponse, r *Response) error {
	if slices.Contains(e.noCode, r.codeName()) {
		return fmt.Errorf("the code is %s", r.codeName())
	}
	if e.code == nil {
		return nil
	}
	if len(r.Code) == 0 {
		return errors.New("there is no response code")
	}
	name := e.code[0]
	if err := m.value(name, r.Code[0]); err != nil {
		return fmt.Errorf("response code: %w", err)
	}
	switch r.codeName() {
	case "CAPABILITY":
		return m.list(e.code[1:], containing, r.Code[1:])
	case "PERMANENTFLAGS":
		if len(e.code) == 2 && len(r.Code) == 2 && e.code[1].op == "list" {
			return m.flags(e.code[1], r.Code[1], containing)
		}
	}
	return m.list(e.code[1:], inOrder, r.Code[1:])
}

// value compares one item.
func (m *matcher) value(p pattern, v Value) error {
	if err := m.compare(p, v); err != nil {
		return err
	}
	if p.bind != "" {
		if v.Kind == List {
			return fmt.Errorf("a variable cannot hold the list %s", v)
		}
		m.vars[p.bind] = v.Text
	}
	return nil
}

func (m *matcher) compare(p pattern, v Value) error {
	switch p.op {
	case "bind":
		if already, ok := m.vars[p.bind]; ok && already != v.Text {
			return fmt.Errorf("$%s is %s, not %s", p.bind, already, v)
		}
		return nil
	case "any", "rest":
		return nil
	case "list":
		if v.Kind != List {
			return fmt.Errorf("a list was due, not %s", v)
		}
		return m.list(p.list, p.mode, v.List)
	case "any-list":
		if v.Kind != List {
			return fmt.Errorf("a list was due, not %s", v)
		}
		return nil
	case "is":
		return m.is(p, v)
	case "string", "nstring", "octets":
		if v.isString() || p.op == "nstring" && v.isNil() {
			return nil
		}
		return fmt.Errorf("a string was due, not %s", v)
	}
	if p.op == "language" && v.Kind == List && len(v.List) == 1 {
		v = v.List[0] // body-fld-lang is a string or a list of strings (RFC 9051 §9)
	}
	if v.Kind == List {
		return fmt.Errorf("<%s %s> was due, not the list %s", p.op, p.text, v)
	}
	if ok, err := holds(p, v.Text); err != nil || !ok {
		return errors.Join(err, fmt.Errorf("<%s> was due, not %s", strings.TrimSpace(p.op+" "+p.text), v))
	}
	return nil
}

// is compares an item that was written out. Whether the server chose an
// atom, a quoted string or a literal does not matter, except for NIL.
func (m *matcher) is(p pattern, v Value) error {
	expectNil := p.form == Atom && strings.EqualFold(p.text, "NIL")
	switch {
	case v.Kind == List:
		return fmt.Errorf("%q was due, not the list %s", p.text, v)
	case v.isNil() && expectNil:
		return nil
	case v.isNil() && !expectNil && p.form != Atom, expectNil && v.isString():
		return fmt.Errorf("%s was due, not %s", p.text, v)
	case v.Text == p.text:
		return nil
	case (v.Kind == Atom && p.form == Atom || m.insensitive) && strings.EqualFold(v.Text, p.text):
		return nil
	case v.Kind == Atom && p.form == Atom && sameSet(p.text, v.Text):
		return nil
	}
	return fmt.Errorf("%s was due, not %s", fold(strconv.Quote(p.text)), v)
}

// holds decides the operations on text.
func holds(p pattern, text string) (bool, error) {
	switch p.op {
	case "n":
		return isNumber(text), nil
	case "gt", "ge", "lt", "le", "ne":
		return ordered(p.op, text, p.text)
	case "re":
		re, err := regexp.Compile("(?s)^(?:" + p.text + ")$")
		return err == nil && re.MatchString(text), err
	case "text":
		return text == p.text, nil
	case "i", "language":
		return strings.EqualFold(text, p.text), nil
	case "contains":
		return strings.Contains(text, p.text), nil
	case "rights":
		return sameRights(p.text, text), nil
	case "lacks":
		return !strings.Contains(text, p.text), nil
	case "prefix":
		return strings.HasPrefix(text, p.text), nil
	case "suffix":
		return strings.HasSuffix(text, p.text), nil
	case "size":
		n, err := strconv.Atoi(p.text)
		return len(text) == n, err
	case "one-of":
		return slices.Contains(strings.Split(p.text, "|"), text), nil
	case "date-time":
		return dateTime.MatchString(text), nil
	case "covers", "within":
		return covers(p.op, p.text, text)
	}
	return false, fmt.Errorf("<%s> cannot stand here", p.op)
}

// dateTime is date-time of RFC 9051 §9.
var dateTime = regexp.MustCompile(`^[ 0-3][0-9]-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-[0-9]{4} [0-2][0-9]:[0-5][0-9]:[0-6][0-9] [-+][0-9]{4}$`)

func ordered(op, text, bound string) (bool, error) {
	a, errA := strconv.ParseUint(text, 10, 64)
	b, errB := strconv.ParseUint(bound, 10, 64)
	if op == "ne" && (errA != nil || errB != nil) {
		return text != bound, nil
	}
	if errA != nil || errB != nil {
		return false, fmt.Errorf("%q and %q must be numbers", text, bound)
	}
	switch op {
	case "gt":
		return a > b, nil
	case "ge":
		return a >= b, nil
	case "lt":
		return a < b, nil
	case "le":
		return a <= b, nil
	}
	return a != b, nil
}
