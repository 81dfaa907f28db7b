package imapwire

import "github.com/restante/restante/imap"

// Code writes a response code without its brackets (RFC 9051 §7.1).
func (e *Encoder) Code(code imap.Code) {
	e.Raw(code.Name())
	switch c := code.(type) {
	case imap.CodeWord:
	case imap.CodeBadCharset:
		e.charsets(c.Charsets)
	case imap.CodeBadEvent:
		e.badEvent(c)
	case imap.CodeCapability:
		e.capabilities(c.Capabilities)
	case imap.CodePermanentFlags:
		e.SP().FlagList(c.Flags)
	case imap.CodeUIDNext:
		e.SP().Number(uint64(c.UID))
	case imap.CodeUIDValidity:
		e.SP().Number(uint64(c.UIDValidity))
	case imap.CodeReferral:
		e.referral(c)
	case imap.CodeUnseen:
		e.SP().Number(uint64(c.Seq))
	case imap.CodeAppendUID:
		e.SP().Number(uint64(c.UIDValidity)).SP().UIDSet(c.UIDs)
	case imap.CodeCopyUID:
		e.SP().Number(uint64(c.UIDValidity)).SP().UIDSet(c.Source).SP().UIDSet(c.Destination)
	case imap.CodeBadURL:
		e.SP().urlText(c.URL)
	case imap.CodeURLMech:
		e.codeURLMech(c)
	case imap.CodeNoUpdate:
		e.SP().quoted(c.Tag)
	case imap.CodeHighestModSeq:
		e.SP().Number(uint64(c.ModSeq))
	case imap.CodeInProgress:
		e.inProgress(c)
	case imap.CodeMetadata:
		e.codeMetadata(c)
	case imap.CodeAnnotate:
		e.SP().Raw(string(c))
	case imap.CodeAnnotations:
		e.codeAnnotations(c)
	case imap.CodeUndefinedFilter:
		e.SP().Raw(c.Filter)
	case imap.CodeMessageLimit:
		e.messageLimit(c)
	case imap.CodeMailboxID:
		e.SP().ObjectID(c.ID)
	case imap.CodeModified:
		e.SP().messages(c.Messages)
	case imap.CodeMaxConvertMessages:
		e.SP().Number(uint64(c.Max))
	case imap.CodeMaxConvertParts:
		e.SP().Number(uint64(c.Max))
	case imap.CodeOther:
		if c.Arguments != "" {
			e.SP().Raw(c.Arguments)
		}
	}
}

func (e *Encoder) charsets(charsets []string) {
	if len(charsets) == 0 {
		return
	}
	e.Raw(" (")
	for i, charset := range charsets {
		if i > 0 {
			e.SP()
		}
		e.charset(charset)
	}
	e.octet(')')
}

// charset writes an atom or a quoted string: a response code has no literals
// (RFC 9051 §9, charset).
func (e *Encoder) charset(name string) {
	for i := 0; i < len(name); i++ {
		if charClass[name[i]]&charAtom == 0 {
			e.quoted(name)
			return
		}
	}
	if name == "" || len(name) == 3 && equalFold([]byte(name), "NIL") {
		e.quoted(name)
		return
	}
	e.Raw(name)
}

func (e *Encoder) capabilities(capabilities []imap.Capability) {
	for _, capability := range capabilities {
		e.SP().Raw(string(capability))
	}
}

func (e *Encoder) messages(m imap.MessageSet) *Encoder {
	switch {
	case m.Saved:
		return e.octet('$')
	case m.ByUID:
		return e.UIDSet(m.UIDs)
	}
	return e.SeqSet(m.Seqs)
}
