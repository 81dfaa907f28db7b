package imapwire

import "strings"

// Mode is what of a session's dialect the codec needs to know.
type Mode struct {
	// UTF8 says that mailbox names are UTF-8 and that strings sent to the
	// client may be UTF-8 in quotes: after ENABLE IMAP4rev2 or ENABLE
	// UTF8=ACCEPT (RFC 9051 §5.1, RFC 9755 §3). Otherwise names are
	// modified UTF-7 (RFC 3501 §5.1.3) and other text beyond ASCII is sent
	// as literal.
	UTF8 bool
}

// Decoder reads the grammar's elements from fragments. Each method reads one
// element at the current place. The first error sticks: from then on methods
// return zero values, and Err tells what it was. Strings that are returned are
// copies and may be kept.
type Decoder struct {
	frags  *Fragments
	text   []byte // the current piece of text
	pos    int    // in text
	piece  int    // index of the current piece
	depth  int
	err    error
	mode   Mode
	limits Limits
	loose  bool // of a server: several spaces count as one
}

// NewDecoder returns a decoder at the beginning of the fragments.
func NewDecoder(frags *Fragments, mode Mode, limits Limits) *Decoder {
	d := new(Decoder)
	d.Reset(frags, mode, limits)
	return d
}

// Reset begins anew with other fragments.
func (d *Decoder) Reset(frags *Fragments, mode Mode, limits Limits) {
	*d = Decoder{frags: frags, mode: mode, limits: limits}
	d.enter(0)
}

// enter makes piece i the current one if it is text.
func (d *Decoder) enter(i int) {
	d.piece, d.pos, d.text = i, 0, nil
	if i < len(d.frags.pieces) && d.frags.pieces[i].kind == pieceText {
		d.text = d.frags.data[d.frags.pieces[i].start:d.frags.pieces[i].end]
	}
}

// Err returns the first error: a *SyntaxError, a *LimitError or the fault of the
// fragments.
func (d *Decoder) Err() error { return d.err }

// Fail records a syntax error at the current place, unless there is one already.
func (d *Decoder) Fail(reason string) {
	if d.err == nil {
		d.err = &SyntaxError{reason, d.position()}
	}
}

func (d *Decoder) failLimit(what string, limit int) {
	if d.err == nil {
		d.err = &LimitError{What: what, Max: uint64(limit)}
	}
}

func (d *Decoder) position() int {
	if d.piece < len(d.frags.pieces) {
		return d.frags.pieces[d.piece].start + d.pos
	}
	return len(d.frags.data)
}

// Tag reads the tag of a command (RFC 9051 §2.2.1).
func (d *Decoder) Tag() string {
	return string(d.run(charTag, "a tag is missing"))
}

// Command reads SP and the command's name and returns it in upper case; the
// commands after UID are returned together with it, such as "UID FETCH". From
// here on a fault of the fragments is this decoder's error.
func (d *Decoder) Command() string {
	d.SP()
	name := d.commandWord()
	if name == "UID" && d.peek() == ' ' {
		d.pos++
		name = internCommand("UID ", d.run(charAtom, "a command is missing after UID"))
	}
	d.TakeFault()
	return name
}

// TakeFault makes a fault of the fragments this decoder's error. Command does it
// after the name; who reads without Command does it at the beginning.
func (d *Decoder) TakeFault() {
	if d.err == nil {
		d.err = d.frags.fault
	}
}

func (d *Decoder) commandWord() string {
	return internCommand("", d.run(charAtom, "a command is missing"))
}

// End checks that the command ends here.
func (d *Decoder) End() error {
	if d.err == nil && !d.atEnd() {
		d.Fail("the command goes on where it should end")
	}
	return d.err
}

func (d *Decoder) atEnd() bool {
	return d.pos == len(d.text) && d.piece+1 >= len(d.frags.pieces)
}

// peek returns the next octet of the text, or 0 at its end, at a literal, and
// after an error.
func (d *Decoder) peek() byte {
	if d.err != nil || d.pos >= len(d.text) {
		return 0
	}
	return d.text[d.pos]
}

// accept takes the octet c if it is next.
func (d *Decoder) accept(c byte) bool {
	if d.peek() != c || d.pos >= len(d.text) {
		return false
	}
	d.pos++
	return true
}

// expect takes the octet c or fails.
func (d *Decoder) expect(c byte, reason string) {
	if !d.accept(c) {
		d.Fail(reason)
	}
}

// SP reads exactly one space (RFC 9051 §9, rule 2).
func (d *Decoder) SP() {
	d.expect(' ', "a space is missing")
	for d.loose && d.accept(' ') {
	}
}

// More reports whether a space follows, and takes it: the way to read optional
// arguments.
func (d *Decoder) More() bool { return d.accept(' ') }

// several reads one item or more, with a space between two; what they are, an
// error says.
func (d *Decoder) several(what string, item func()) {
	for n := 0; d.err == nil; n++ {
		if n >= d.limits.ItemsMax {
			d.failLimit(what, d.limits.ItemsMax)
			return
		}
		item()
		if !d.More() {
			return
		}
	}
}

// rest reads what a response ends with: any number of items, each behind a space.
// A space at the end of the line is passed over.
func (d *Decoder) rest(what string, item func()) {
	for n := 0; d.err == nil && d.More() && !d.atEnd(); n++ {
		if n >= d.limits.ItemsMax {
			d.failLimit(what, d.limits.ItemsMax)
			return
		}
		item()
	}
}

// List reads "(" element *(SP element) ")", or, if empty is set, also "()". It
// calls element at the beginning of each.
func (d *Decoder) List(empty bool, element func()) {
	d.expect('(', "a list is missing")
	d.listRest(empty, element)
}

// listRest reads a list whose parenthesis was taken already.
func (d *Decoder) listRest(empty bool, element func()) {
	if empty && d.accept(')') {
		return
	}
	d.nest()
	for n := 0; d.err == nil; n++ {
		if n >= d.limits.ItemsMax {
			d.failLimit("members in a list", d.limits.ItemsMax)
			break
		}
		element()
		if d.accept(')') {
			break
		}
		d.expect(' ', "a space or closing parenthesis is missing")
	}
	d.depth--
}

// nest counts one level of nesting; the caller takes it back.
func (d *Decoder) nest() {
	if d.depth++; d.depth > d.limits.DepthMax {
		d.failLimit("levels of nesting", d.limits.DepthMax)
	}
}

// run reads one or more octets of a class. The slice is part of the fragments.
func (d *Decoder) run(class uint8, missing string) []byte {
	if d.err != nil {
		return nil
	}
	start := d.pos
	for d.pos < len(d.text) && charClass[d.text[d.pos]]&class != 0 {
		d.pos++
	}
	if d.pos == start {
		d.Fail(missing)
		return nil
	}
	return d.text[start:d.pos]
}

// Atom reads an atom.
func (d *Decoder) Atom() string { return string(d.run(charAtom, "an atom is missing")) }

// word reads an atom and returns it in upper case.
func (d *Decoder) word() string {
	return upperString(d.run(charAtom, "a word is missing"))
}

// acceptWord takes the given word, in upper case, if it is next as a whole.
func (d *Decoder) acceptWord(word string) bool {
	if d.err != nil || !hasFold(d.text[d.pos:], word) {
		return false
	}
	end := d.pos + len(word)
	if end < len(d.text) && charClass[d.text[end]]&charAtom != 0 {
		return false
	}
	d.pos = end
	return true
}

func hasFold(b []byte, word string) bool {
	return len(b) >= len(word) && equalFold(b[:len(word)], word)
}

func upperString(b []byte) string {
	for _, c := range b {
		if c-'a' < 26 {
			return strings.ToUpper(string(b))
		}
	}
	return string(b)
}
