package imapwire

import (
	"strings"

	"github.com/restante/restante/imap"
)

// DecodeNotify reads the arguments of NOTIFY (RFC 5465 §8). Which events stand
// beside each other is not looked at.
func DecodeNotify(d *Decoder) (imap.NotifyRequest, error) {
	var r imap.NotifyRequest
	d.SP()
	switch d.word() {
	case "NONE":
		return r, d.End()
	case "SET":
	default:
		d.Fail("SET or NONE is missing")
	}
	d.SP()
	if r.Status = d.acceptWord("STATUS"); r.Status {
		d.SP()
	}
	r.Groups = append(r.Groups, d.notifyGroup())
	for d.err == nil && d.More() {
		if len(r.Groups) >= d.limits.ItemsMax {
			d.failLimit("groups of events", d.limits.ItemsMax)
		}
		r.Groups = append(r.Groups, d.notifyGroup())
	}
	return r, d.End()
}

// notifyGroup reads an event-group.
func (d *Decoder) notifyGroup() imap.NotifyGroup {
	var group imap.NotifyGroup
	d.expect('(', "a group of events is missing")
	d.nest()
	word := d.word()
	for filter := range imap.NotifyFilters {
		if word == filter.String() {
			group.Filter = filter
		}
	}
	if group.Filter == 0 {
		d.Fail("these mailboxes cannot be named like this")
	}
	d.SP()
	if group.Filter.NamesMailboxes() {
		group.Mailboxes = d.oneOrMoreMailboxes()
		d.SP()
	}
	if !d.acceptWord("NONE") {
		d.List(false, func() { d.notifyEvent(&group) })
	}
	d.depth--
	d.expect(')', "a group of events does not end")
	return group
}

// oneOrMoreMailboxes reads a name or several in parentheses.
func (d *Decoder) oneOrMoreMailboxes() []string {
	if d.peek() != '(' {
		return []string{d.Mailbox()}
	}
	var names []string
	d.List(false, func() { names = append(names, d.Mailbox()) })
	return names
}

// notifyEvent reads one event, and the items of MessageNew.
func (d *Decoder) notifyEvent(group *imap.NotifyGroup) {
	word := d.run(charAtom, "an event is missing")
	event := notifyEventOf(word)
	if event == 0 && d.err == nil {
		group.Unknown = append(group.Unknown, upperString(word))
	}
	group.Events |= event
	if event == imap.NotifyMessageNew && d.isListNext() {
		d.SP()
		d.List(false, func() { group.Items = append(group.Items, d.fetchItem()) })
	}
}

// notifyEventOf returns the event of a word, zero if it is none.
func notifyEventOf(word []byte) imap.NotifyEvents {
	for event := range imap.AllNotifyEvents.Each {
		if strings.EqualFold(string(word), event.Names()[0]) {
			return event
		}
	}
	return 0
}

// isListNext reports whether a space and a list follow.
func (d *Decoder) isListNext() bool {
	return d.peek() == ' ' && d.pos+1 < len(d.text) && d.text[d.pos+1] == '('
}

// EncodeNotify writes the arguments of NOTIFY.
func EncodeNotify(e *Encoder, r imap.NotifyRequest) {
	if len(r.Groups) == 0 {
		e.Raw(" NONE")
		return
	}
	e.Raw(" SET")
	if r.Status {
		e.Raw(" STATUS")
	}
	for i := range r.Groups {
		e.SP().notifyGroup(&r.Groups[i])
	}
}

func (e *Encoder) notifyGroup(group *imap.NotifyGroup) {
	e.octet('(').Raw(group.Filter.String()).SP()
	if group.Filter.NamesMailboxes() {
		for i, name := range group.Mailboxes {
			e.octet("( "[min(i, 1)]).Mailbox(name)
		}
		e.Raw(") ")
	}
	words := append(group.Events.Names(), group.Unknown...)
	if len(words) == 0 {
		e.Raw("NONE)")
		return
	}
	for i, word := range words {
		e.octet("( "[min(i, 1)]).Raw(word)
		if i == 0 && len(group.Items) > 0 && group.Events.Has(imap.NotifyMessageNew) {
			e.SP().fetchItems(group.Items)
		}
	}
	e.Raw("))")
}

// fetchItems writes items in parentheses.
func (e *Encoder) fetchItems(items []imap.FetchItem) {
	for i := range items {
		e.octet("( "[min(i, 1)]).fetchItem(&items[i])
	}
	e.octet(')')
}

// codeBadEvent reads the events of BADEVENT (RFC 5465 §8, unsupported-events-code).
func (d *Decoder) codeBadEvent() imap.Code {
	var code imap.CodeBadEvent
	d.SP()
	d.List(false, func() { code.Events = append(code.Events, d.Atom()) })
	return code
}

// badEvent writes them.
func (e *Encoder) badEvent(code imap.CodeBadEvent) {
	for i, event := range code.Events {
		if i == 0 {
			e.SP()
		}
		e.octet("( "[min(i, 1)]).Raw(event)
	}
	e.octet(')')
}
