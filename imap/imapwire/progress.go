package imapwire

import (
	"strings"

	"github.com/restante/restante/imap"
)

// inProgress writes the details of INPROGRESS (RFC 9585 §5). A tag with "]" in it
// cannot be told (§4).
func (e *Encoder) inProgress(c imap.CodeInProgress) {
	if c == (imap.CodeInProgress{}) {
		return
	}
	e.Raw(" (")
	if isTagText(c.Tag) {
		e.quoted(c.Tag).SP()
	} else {
		e.Raw("NIL ")
	}
	switch {
	case !c.HasDone:
		e.Raw("NIL NIL)")
	case c.Goal == 0:
		e.Number(uint64(c.Done)).Raw(" NIL)")
	default:
		e.Number(uint64(c.Done)).SP().Number(uint64(c.Goal)).Raw(")")
	}
}

// isTagText reports whether a text can be that of a tag within a response code.
func isTagText(text string) bool {
	return text != "" && !strings.Contains(text, "]") && isPlain(text)
}

func (d *Decoder) codeInProgress() imap.Code {
	var code imap.CodeInProgress
	if !d.More() {
		return code
	}
	d.expect('(', "the details of INPROGRESS are missing")
	if tag := d.NString().Text; isTagText(tag) {
		code.Tag = tag
	}
	d.SP()
	if !d.acceptWord("NIL") {
		code.HasDone, code.Done = true, d.Number()
	}
	d.SP()
	if !d.acceptWord("NIL") {
		code.Goal = d.NzNumber()
	}
	d.expect(')', "a closing parenthesis is missing")
	if code.Goal != 0 && (!code.HasDone || code.Goal <= code.Done) {
		d.Fail("the goal of INPROGRESS lies ahead") // RFC 9585 §4
	}
	return code
}
