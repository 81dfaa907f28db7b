package imapwire

import (
	"strconv"
	"unicode/utf8"

	"github.com/restante/restante/imap"
)

// Exists writes the EXISTS response (RFC 9051 §7.4.1).
func (e *Encoder) Exists(n uint32) { e.numbered(uint64(n), "EXISTS") }

// Recent writes IMAP4rev1's RECENT response (RFC 3501 §7.3.2).
func (e *Encoder) Recent(n uint32) { e.numbered(uint64(n), "RECENT") }

// Expunge writes the EXPUNGE response (RFC 9051 §7.5.1).
func (e *Encoder) Expunge(seq imap.Seq) { e.numbered(uint64(seq), "EXPUNGE") }

func (e *Encoder) numbered(n uint64, word string) {
	e.room()
	e.buf = append(e.buf, "* "...)
	e.buf = strconv.AppendUint(e.buf, n, 10)
	e.octet(' ').Raw(word).CRLF()
}

// Vanished writes the VANISHED response, of what vanished before now if earlier
// is set (RFC 7162 §3.2.10). An empty set writes nothing.
func (e *Encoder) Vanished(earlier bool, uids imap.UIDSet) {
	if len(uids) == 0 {
		return
	}
	e.Raw("* VANISHED ")
	if earlier {
		e.Raw("(EARLIER) ")
	}
	e.UIDSet(uids).CRLF()
}

// Flags writes the FLAGS response (RFC 9051 §7.3.5).
func (e *Encoder) Flags(flags []imap.Flag) {
	e.Raw("* FLAGS ").FlagList(flags).CRLF()
}

// Capabilities writes the CAPABILITY response (RFC 9051 §7.2.2).
func (e *Encoder) Capabilities(capabilities []imap.Capability) {
	e.Raw("* CAPABILITY").capabilities(capabilities)
	e.CRLF()
}

// Enabled writes the ENABLED response, which may be empty (RFC 9051 §7.2.1).
func (e *Encoder) Enabled(capabilities []imap.Capability) {
	e.Raw("* ENABLED").capabilities(capabilities)
	e.CRLF()
}

// ID writes the ID response; nil fields are NIL (RFC 2971 §3.2).
func (e *Encoder) ID(fields []imap.IDField) {
	e.Raw("* ID ").idFields(fields)
	e.CRLF()
}

func (e *Encoder) idFields(fields []imap.IDField) {
	if fields == nil {
		e.Raw("NIL")
		return
	}
	e.octet('(')
	for i, field := range fields {
		if i > 0 {
			e.SP()
		}
		e.String(field.Name).SP()
		e.NString(imap.NString{Text: field.Value, Present: !field.Nil})
	}
	e.octet(')')
}

// List writes a LIST response with its extended data items (RFC 9051 §7.3.1).
func (e *Encoder) List(data *imap.ListData) {
	e.listHead("* LIST (", data)
	if data.ChildInfo != nil || data.OldName != "" {
		e.SP().listExtended(data)
	}
	e.CRLF()
}

// Lsub writes an LSUB response (RFC 3501 §7.2.3).
func (e *Encoder) Lsub(data *imap.ListData) {
	e.listHead("* LSUB (", data)
	e.CRLF()
}

func (e *Encoder) listHead(head string, data *imap.ListData) {
	e.Raw(head)
	for i, attr := range data.Attrs {
		if i > 0 {
			e.SP()
		}
		e.Raw(string(attr))
	}
	e.Raw(") ").delimiter(data.Delimiter)
	e.SP().Mailbox(data.Mailbox)
}

// delimiter writes a hierarchy delimiter in quotes, or NIL.
func (e *Encoder) delimiter(delimiter rune) *Encoder {
	switch delimiter {
	case 0:
		return e.Raw("NIL")
	case '"', '\\':
		return e.Raw(`"\`).octet(byte(delimiter)).octet('"')
	}
	e.octet('"')
	e.buf = utf8.AppendRune(e.buf, delimiter)
	return e.octet('"')
}

func (e *Encoder) listExtended(data *imap.ListData) {
	e.octet('(')
	if data.ChildInfo != nil {
		e.Raw(`"CHILDINFO" (`)
		for i, option := range data.ChildInfo {
			if i > 0 {
				e.SP()
			}
			e.quoted(option)
		}
		e.octet(')')
	}
	if data.OldName != "" {
		if data.ChildInfo != nil {
			e.SP()
		}
		e.Raw(`"OLDNAME" (`).Mailbox(data.OldName).octet(')')
	}
	e.octet(')')
}

// MailboxStatus writes a STATUS response (RFC 9051 §7.3.4).
func (e *Encoder) MailboxStatus(data *imap.StatusData) {
	e.Raw("* STATUS ").Mailbox(data.Mailbox).Raw(" (")
	for i, value := range data.Values {
		if i > 0 {
			e.SP()
		}
		e.Raw(value.Item.String()).SP()
		if value.Nil {
			e.Raw("NIL")
			continue
		}
		if value.Item == imap.StatusMailboxID {
			e.ObjectID(value.ID)
			continue
		}
		e.Number(value.Number)
	}
	e.octet(')').CRLF()
}

// Namespaces writes a NAMESPACE response (RFC 9051 §7.3.3).
func (e *Encoder) Namespaces(data *imap.NamespaceData) {
	e.Raw("* NAMESPACE")
	for _, class := range [...][]imap.Namespace{data.Personal, data.Other, data.Shared} {
		e.SP()
		if len(class) == 0 {
			e.Raw("NIL")
			continue
		}
		e.octet('(')
		for _, namespace := range class {
			e.namespace(namespace)
		}
		e.octet(')')
	}
	e.CRLF()
}

// namespace writes one namespace; its prefix is a mailbox name and in rev1
// encoded like one (RFC 2342 §5, RFC 9755 §3).
func (e *Encoder) namespace(n imap.Namespace) {
	prefix := n.Prefix
	if !e.mode.UTF8 {
		prefix = EncodeUTF7(prefix)
	}
	e.octet('(').String(prefix).SP().delimiter(n.Delimiter)
	for _, extension := range n.Extensions {
		e.SP().String(extension.Name).Raw(" (")
		for i, value := range extension.Values {
			if i > 0 {
				e.SP()
			}
			e.String(value)
		}
		e.octet(')')
	}
	e.octet(')')
}
