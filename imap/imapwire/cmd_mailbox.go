package imapwire

import "github.com/restante/restante/imap"

// DecodeMailbox reads the argument of a command that names one mailbox: DELETE,
// SUBSCRIBE, UNSUBSCRIBE.
func DecodeMailbox(d *Decoder) (string, error) {
	d.SP()
	name := d.Mailbox()
	return name, d.End()
}

// DecodeSelect reads the arguments of SELECT and EXAMINE with their parameters
// (RFC 9051 §6.3.2, RFC 7162 §7).
func DecodeSelect(d *Decoder) (imap.SelectRequest, error) {
	var r imap.SelectRequest
	d.SP()
	r.Mailbox = d.Mailbox()
	if d.More() {
		d.List(false, func() { d.selectParam(&r) })
	}
	return r, d.End()
}

func (d *Decoder) selectParam(r *imap.SelectRequest) {
	switch name := d.word(); name {
	case "CONDSTORE":
		r.CondStore = true
	case "QRESYNC":
		if r.QResync != nil {
			d.Fail("QRESYNC is given twice")
		}
		d.SP()
		r.QResync = d.qresync()
	case "ANNOTATE":
		r.Annotate = true
	default:
		d.Fail("a parameter of SELECT is not known")
	}
}

// qresync reads the arguments of QRESYNC. A client that knows no UIDs may leave
// them out and still give the match data (RFC 7162 §3.2.5).
func (d *Decoder) qresync() *imap.QResync {
	q := new(imap.QResync)
	d.expect('(', "the arguments of QRESYNC are missing")
	q.UIDValidity = imap.UIDValidity(d.NzNumber())
	d.SP()
	q.ModSeq = d.ModSeq()
	if d.More() {
		if d.peek() != '(' {
			q.KnownUIDs = decodeSet[imap.UID](d, false)
			if d.More() {
				d.seqMatch(q)
			}
		} else {
			d.seqMatch(q)
		}
	}
	d.expect(')', "a closing parenthesis is missing")
	return q
}

func (d *Decoder) seqMatch(q *imap.QResync) {
	d.expect('(', "the match data of QRESYNC is missing")
	q.MatchSeqs = decodeSet[imap.Seq](d, false)
	d.SP()
	q.MatchUIDs = decodeSet[imap.UID](d, false)
	d.expect(')', "a closing parenthesis is missing")
}

// DecodeCreate reads the arguments of CREATE (RFC 9051 §6.3.4) with the special
// uses of RFC 6154 §3.
func DecodeCreate(d *Decoder) (imap.CreateRequest, error) {
	var r imap.CreateRequest
	d.SP()
	r.Mailbox = d.Mailbox()
	if d.More() {
		d.List(false, func() { d.createParam(&r) })
	}
	return r, d.End()
}

func (d *Decoder) createParam(r *imap.CreateRequest) {
	if !d.acceptWord("USE") {
		d.Fail("a parameter of CREATE is not known")
		return
	}
	d.SP()
	d.List(true, func() { r.Uses = append(r.Uses, d.attr()) })
}

// DecodeRename reads the arguments of RENAME (RFC 9051 §6.3.6).
func DecodeRename(d *Decoder) (imap.RenameRequest, error) {
	var r imap.RenameRequest
	d.SP()
	r.From = d.Mailbox()
	d.SP()
	r.To = d.Mailbox()
	return r, d.End()
}

// DecodeStatus reads the arguments of STATUS (RFC 9051 §6.3.11).
func DecodeStatus(d *Decoder) (imap.StatusRequest, error) {
	var r imap.StatusRequest
	d.SP()
	r.Mailbox = d.Mailbox()
	d.SP()
	r.Items = d.statusItems()
	return r, d.End()
}

func (d *Decoder) statusItems() []imap.StatusItem {
	items := []imap.StatusItem{}
	d.List(false, func() {
		item := d.statusItem()
		items = append(items, item)
	})
	return items
}

func (d *Decoder) statusItem() imap.StatusItem {
	name := d.run(charAtom, "an item of STATUS is missing")
	for item := range imap.StatusItems {
		if equalFold(name, item.String()) {
			return item
		}
	}
	d.Fail("an item of STATUS is not known")
	return 0
}

// DecodeAppend reads the arguments of APPEND up to its message, which is a
// literal to be streamed (RFC 9051 §6.3.12), or up to the first part of one that
// comes in parts: see DecodeCatenatePart. DecodeAppendNext reads on when the
// message has been taken.
func DecodeAppend(d *Decoder) (imap.AppendRequest, error) {
	var r imap.AppendRequest
	d.SP()
	r.Mailbox = d.Mailbox()
	d.SP()
	d.appendMessage(&r)
	return r, d.err
}

// DecodeAppendNext reads what follows a message of APPEND: the end of the
// command, for which it returns nil, or the arguments of another message for the
// same mailbox (RFC 3502 §6.3.11). The decoder is one of the fragments that
// Resume returned, and has read nothing.
func DecodeAppendNext(d *Decoder, previous imap.AppendRequest) (*imap.AppendRequest, error) {
	d.TakeFault()
	if previous.UTF8 {
		d.expect(')', "a closing parenthesis is missing after the message")
	}
	if !d.More() {
		return nil, d.End()
	}
	r := &imap.AppendRequest{Mailbox: previous.Mailbox}
	d.appendMessage(r)
	return r, d.err
}

// appendMessage reads flags, date and the announcement of one message, with the
// form UTF8 (~{n}) of RFC 6855 §4.
func (d *Decoder) appendMessage(r *imap.AppendRequest) {
	if d.peek() == '(' {
		r.Flags = d.FlagList()
		d.SP()
	}
	if d.peek() == '"' {
		date := d.DateTime()
		r.Date = &date
		d.SP()
	}
	if d.acceptWord("ANNOTATION") {
		r.Annotations = d.annotations()
		d.SP()
	}
	if d.acceptWord("CATENATE") {
		d.SP()
		d.expect('(', "the parts of the message are missing")
		r.Catenate = true
		return
	}
	r.UTF8 = d.acceptUTF8()
	r.SizeOctets, r.Binary = d.StreamLiteral()
	if r.UTF8 && !r.Binary {
		d.Fail("a message in UTF8 () must be a binary literal")
	}
}

// acceptUTF8 takes the beginning of UTF8 (~{n}) if it is there.
func (d *Decoder) acceptUTF8() bool {
	if !d.acceptWord("UTF8") {
		return false
	}
	d.SP()
	d.expect('(', "an opening parenthesis is missing before the message")
	return true
}
