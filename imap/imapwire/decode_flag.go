package imapwire

import "github.com/restante/restante/imap"

// Flag reads a flag; system flags come in their registered spelling
// (RFC 9051 §9, flag). \Recent is not refused here.
func (d *Decoder) Flag() imap.Flag {
	start := d.pos
	if d.accept('\\') {
		d.run(charAtom, "a flag's name is missing after the backslash")
	} else {
		d.run(charAtom, "a flag is missing")
	}
	if d.err != nil {
		return ""
	}
	return internFlag(d.text[start:d.pos])
}

// internFlag returns the flag without allocation if it is a well-known one.
func internFlag(text []byte) imap.Flag {
	for _, known := range imap.SystemFlags {
		if len(known) == len(text) && imap.Flag(text).Equal(known) {
			return known
		}
	}
	return imap.Flag(text).Canonical()
}

// FlagList reads a list of flags in parentheses, which may be empty.
func (d *Decoder) FlagList() []imap.Flag {
	flags := []imap.Flag{}
	d.List(true, func() { flags = append(flags, d.Flag()) })
	return flags
}

// PermanentFlagList reads a list of flags among which \* may be
// (RFC 9051 §9, flag-perm).
func (d *Decoder) PermanentFlagList() []imap.Flag {
	flags := []imap.Flag{}
	d.List(true, func() {
		if d.err == nil && hasFold(d.text[d.pos:], `\*`) {
			d.pos += 2
			flags = append(flags, imap.FlagWildcard)
			return
		}
		flags = append(flags, d.Flag())
	})
	return flags
}

// attr reads a mailbox name attribute, which begins with a backslash.
func (d *Decoder) attr() imap.MailboxAttr {
	d.expect('\\', "a mailbox attribute begins with a backslash")
	name := d.run(charAtom, "a mailbox attribute is missing")
	if d.err != nil {
		return ""
	}
	return imap.MailboxAttr(`\` + string(name))
}
