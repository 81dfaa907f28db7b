package transcript

import (
	"fmt"
	"slices"
	"strings"
)

// listMode says how the items of an expected list are compared.
type listMode int

const (
	byContext  listMode = iota // as RFC 9051 has it at this place, else in order
	inOrder                    // exactly these, in this order
	anyOrder                   // <set ...>: exactly these
	containing                 // <has ...>: at least these
)

// pattern is one expected item.
type pattern struct {
	op   string // "is", "list", "bind", or a word of patternOps
	text string // what "is" compares with; the argument of an op
	form Kind   // in which form "is" was written
	list []pattern
	mode listMode
	not  bool   // !item: must not be in the list
	bind string // <... as $name>
}

// patternOps are the words after "<", and whether they take an argument.
var patternOps = map[string]bool{
	"any": false, "rest": false, "n": false, "string": false, "nstring": false, "list": false,
	"date-time": false, "language": true, "set": false, "has": false, "ordered": false,
	"gt": true, "ge": true, "lt": true, "le": true, "ne": true,
	"re": true, "text": true, "i": true, "contains": true, "lacks": true, "rights": true, "prefix": true, "suffix": true,
	"size": true, "one-of": true, "covers": true, "within": true, "octets": false,
}

// patternReader reads the items of an expectation after expansion.
type patternReader struct {
	text     string
	pos      int
	messages func(name string) (string, error)
}

// patterns reads items until the closing character or the end.
func (r *patternReader) patterns(closing byte) ([]pattern, listMode, error) {
	var out []pattern
	mode := byContext
	for {
		for r.pos < len(r.text) && r.text[r.pos] == ' ' {
			r.pos++
		}
		if r.pos >= len(r.text) {
			if closing != 0 {
				return nil, mode, fmt.Errorf("%q is missing", string(closing))
			}
			return out, mode, nil
		}
		if closing != 0 && r.text[r.pos] == closing {
			r.pos++
			return out, mode, nil
		}
		p, err := r.pattern(closing)
		if err != nil {
			return nil, mode, err
		}
		switch p.op {
		case "set":
			mode = anyOrder
		case "has":
			mode = containing
		case "ordered":
			mode = inOrder
		default:
			out = append(out, p)
		}
	}
}

func (r *patternReader) pattern(closing byte) (pattern, error) {
	switch c := r.text[r.pos]; c {
	case '!':
		r.pos++
		if r.pos >= len(r.text) {
			return pattern{}, fmt.Errorf("an item must follow !")
		}
		p, err := r.pattern(closing)
		p.not = true
		return p, err
	case '(':
		r.pos++
		list, mode, err := r.patterns(')')
		return pattern{op: "list", list: list, mode: mode}, err
	case '"':
		text, err := r.quoted()
		return pattern{op: "is", text: text, form: Quoted}, err
	case '<':
		return r.operation()
	case unboundMark:
		r.pos++
		n := nameLen(r.text[r.pos:])
		name := r.text[r.pos : r.pos+n]
		r.pos += n
		if r.pos < len(r.text) && !strings.ContainsRune(" )]", rune(r.text[r.pos])) {
			return pattern{}, fmt.Errorf("$%s has no value here and is not an item of its own", name)
		}
		return pattern{op: "bind", bind: name}, nil
	case '@':
		text, err := r.messages(r.atom(closing)[1:])
		return pattern{op: "is", text: text, form: Literal}, err
	}
	text := r.atom(closing)
	if text == "" {
		return pattern{}, fmt.Errorf("an item was due before %q", r.text[r.pos:])
	}
	if i := strings.IndexByte(text, unboundMark); i >= 0 {
		return pattern{}, fmt.Errorf("$%s has no value here", text[i+1:])
	}
	return pattern{op: "is", text: text, form: Atom}, nil
}

func (r *patternReader) quoted() (string, error) {
	for i := r.pos + 1; i < len(r.text); i++ {
		switch r.text[i] {
		case '\\':
			i++
		case '"':
			inner := r.text[r.pos+1 : i]
			r.pos = i + 1
			return unescape(inner)
		}
	}
	return "", fmt.Errorf("a quotation is not closed: %q", r.text[r.pos:])
}

// operation reads "<op argument as $name>".
func (r *patternReader) operation() (pattern, error) {
	end := strings.IndexByte(r.text[r.pos:], '>')
	if end < 0 {
		return pattern{}, fmt.Errorf("< without >: %q", r.text[r.pos:])
	}
	inner := r.text[r.pos+1 : r.pos+end]
	r.pos += end + 1
	var p pattern
	if i := strings.LastIndex(inner, " as "); i >= 0 {
		bind := inner[i+4:]
		inner = inner[:i]
		if !strings.HasPrefix(bind, string(unboundMark)) {
			return p, fmt.Errorf("a variable without a value must follow \"as\": %q", bind)
		}
		p.bind = bind[1:]
	}
	p.op, p.text, _ = strings.Cut(inner, " ")
	wants, known := patternOps[p.op]
	if !known {
		return p, fmt.Errorf("<%s> is not understood; the words are %s", inner, strings.Join(opNames(), ", "))
	}
	if wants != (p.text != "") {
		return p, fmt.Errorf("<%s>: %s", inner, map[bool]string{true: "an argument is missing", false: "no argument is taken"}[wants])
	}
	if p.op == "list" {
		p.op = "any-list"
	}
	var err error
	if p.op != "re" {
		p.text, err = unescape(p.text)
	}
	return p, err
}

func opNames() []string {
	var out []string
	for name := range patternOps {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// atom reads a bare word; brackets of a FETCH section belong to it.
func (r *patternReader) atom(closing byte) string {
	start := r.pos
	for r.pos < len(r.text) {
		c := r.text[r.pos]
		if c == ' ' || c == '(' || c == ')' || c == closing {
			break
		}
		r.pos++
		if c == '[' && isSectionName(r.text[start:r.pos-1]) {
			r.section()
			return strings.ToUpper(strings.ReplaceAll(r.text[start:r.pos], `"`, ""))
		}
	}
	return r.text[start:r.pos]
}

// section skips to behind "]" and an origin.
func (r *patternReader) section() {
	if i := strings.IndexByte(r.text[r.pos:], ']'); i >= 0 {
		r.pos += i + 1
	}
	if r.pos < len(r.text) && r.text[r.pos] == '<' {
		if i := strings.IndexByte(r.text[r.pos:], '>'); i >= 0 {
			r.pos += i + 1
		}
	}
}
