package transcript

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// What small extensions demand of every response, whatever a case is about.

// inProgress holds the code INPROGRESS to untagged OK responses, with the tag of
// a command that has no result yet, and with less done than there is to do (RFC
// 9585 §4, §5).
func (l *ledger) inProgress(r *Response) error {
	if r.codeName() != "INPROGRESS" {
		return nil
	}
	if r.Tag != "*" || r.Name != "OK" {
		return errors.New("INPROGRESS outside of an untagged OK (RFC 9585 §4)")
	}
	if len(r.Code) == 1 {
		return nil
	}
	details := r.Code[1].List
	if len(r.Code) > 2 || len(details) != 3 {
		return errors.New("INPROGRESS has three details or none (RFC 9585 §5)")
	}
	tag, done, goal := details[0], details[1], details[2]
	switch {
	case !tag.isNil() && (tag.Kind != Quoted || strings.Contains(tag.Text, "]")):
		return fmt.Errorf("the tag of INPROGRESS is %s (RFC 9585 §4)", tag)
	case !tag.isNil() && !l.isPending(tag.Text):
		return fmt.Errorf("INPROGRESS of %s, which is no command that waits (RFC 9585 §4)", tag)
	case done.isNil() && goal.isNil():
		return nil
	}
	n, err := strconv.ParseUint(done.Text, 10, 32)
	if err != nil {
		return fmt.Errorf("%s is no number of what is done (RFC 9585 §5)", done)
	}
	if m, err := strconv.ParseUint(goal.Text, 10, 32); !goal.isNil() && (err != nil || m <= n) {
		return fmt.Errorf("%s of %s are done (RFC 9585 §4)", done, goal)
	}
	return nil
}

// identity holds the response ID to the sizes that RFC 2971 §3.3 allows, and each
// field to one value.
func identity(r *Response) error {
	if len(r.Args) != 1 || !r.Args[0].isNil() && r.Args[0].Kind != List {
		return errors.New("ID tells a list or NIL (RFC 2971 §3.2)")
	}
	fields := r.Args[0].List
	if len(fields)%2 != 0 || len(fields) > 60 {
		return fmt.Errorf("ID tells %d strings: pairs were due, and no more than 30 (RFC 2971 §3.3)", len(fields))
	}
	known := map[string]bool{}
	for i := 0; i < len(fields); i += 2 {
		field, value := fields[i], fields[i+1]
		name := strings.ToLower(field.Text)
		switch {
		case !field.isString() || len(name) > 30:
			return fmt.Errorf("the field %s of ID is no string of 30 octets (RFC 2971 §3.3)", field)
		case !value.isNil() && !value.isString() || len(value.Text) > 1024:
			return fmt.Errorf("the value %s of ID is neither NIL nor a string of 1024 octets (RFC 2971 §3.3)", value)
		case known[name]:
			return fmt.Errorf("ID tells %s twice (RFC 2971 §3.3)", field)
		}
		known[name] = true
	}
	return nil
}

// relevancy holds the scores of ESEARCH to their range (RFC 6203 §4).
func relevancy(r *Response) error {
	for i, v := range r.Args {
		if v.Kind != Atom || !strings.EqualFold(v.Text, "RELEVANCY") || i+1 == len(r.Args) {
			continue
		}
		for _, score := range r.Args[i+1].List {
			if n, err := strconv.Atoi(score.Text); err != nil || n < 1 || n > 100 {
				return fmt.Errorf("%s is no score between 1 and 100 (RFC 6203 §4)", score)
			}
		}
	}
	return nil
}
