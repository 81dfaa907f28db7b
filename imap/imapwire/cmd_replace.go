package imapwire

import "github.com/restante/restante/imap"

// DecodeReplace reads the arguments of REPLACE and UID REPLACE up to the message,
// which is a literal to be streamed (RFC 8508 §5). DecodeAppendEnd reads on when
// the literal has been taken.
func DecodeReplace(d *Decoder, byUID bool) (imap.ReplaceRequest, error) {
	r := imap.ReplaceRequest{Message: imap.MessageSet{ByUID: byUID}}
	d.SP()
	if byUID {
		r.Message.UIDs = oneNumber[imap.UID](d)
	} else {
		r.Message.Seqs = oneNumber[imap.Seq](d)
	}
	d.SP()
	r.Mailbox = d.Mailbox()
	d.SP()
	d.appendMessage(&r.AppendRequest)
	return r, d.err
}

// oneNumber reads a seq-number: a number or "*" (RFC 9051 §9).
func oneNumber[N imap.Number](d *Decoder) imap.Set[N] {
	n := setNumber[N](d, true)
	return imap.Set[N]{{Start: n, Stop: n}}
}

// DecodeAppendEnd reads the end of a command that brings one message alone. The
// decoder is one of the fragments that Resume returned, and has read nothing.
func DecodeAppendEnd(d *Decoder, previous imap.AppendRequest) error {
	d.TakeFault()
	if previous.UTF8 {
		d.expect(')', "a closing parenthesis is missing after the message")
	}
	return d.End()
}

// EncodeReplace writes the arguments of REPLACE and UID REPLACE up to and with the
// space before the message, as EncodeAppend does.
func EncodeReplace(e *Encoder, r imap.ReplaceRequest) {
	e.SP().messages(r.Message)
	EncodeAppend(e, r.AppendRequest)
}

// isBeforeMailbox reports whether what was read of a command's arguments ends
// where the name of a mailbox is due, so that a literal there is the name and not
// the message: at once, or, of REPLACE, after a number (RFC 8508 §5).
func isBeforeMailbox(command string, arguments []byte) bool {
	n := len(arguments)
	if n == 0 || arguments[0] != ' ' || arguments[n-1] != ' ' {
		return false
	}
	if command != "REPLACE" && command != "UID REPLACE" {
		return n == 1
	}
	for _, c := range arguments[1 : n-1] {
		if !isDigit(c) && c != '*' {
			return false
		}
	}
	return true
}
