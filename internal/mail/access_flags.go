package mail

import (
	"github.com/restante/restante/imap"
)

// flagRights are the rights with which flags can be changed.
const flagRights = RightSeen | RightWrite | RightDeleteMessages

// ChangesMailbox reports whether who has these rights may change what is in a
// mailbox: else it is read-only (RFC 4314 §5.2, RFC 5257 §3.4).
func (r Rights) ChangesMailbox() bool {
	return r&(flagRights|RightInsert|RightExpunge|RightAnnotate) != 0
}

// flagRight is the right that changing a flag takes (RFC 4314 §4).
func flagRight(flag imap.Flag) Rights {
	switch {
	case flag.Equal(imap.FlagSeen):
		return RightSeen
	case flag.Equal(imap.FlagDeleted):
		return RightDeleteMessages
	}
	return RightWrite
}

// Settable returns those flags that can be changed with these rights.
func (r Rights) Settable(flags []imap.Flag) []imap.Flag {
	if r.Has(flagRights) {
		return flags
	}
	settable := make([]imap.Flag, 0, len(flags))
	for _, flag := range flags {
		if r.Has(flagRight(flag)) {
			settable = append(settable, flag)
		}
	}
	return settable
}

// settableBits is Settable for the flags of a message.
func (r Rights) settableBits(flags Flags) Flags {
	if r.Has(flagRights) {
		return flags
	}
	var settable Flags
	for bit := range flags.Bits() {
		need := RightWrite
		switch bit {
		case BitSeen:
			need = RightSeen
		case BitDeleted:
			need = RightDeleteMessages
		}
		if r.Has(need) {
			settable = settable.With(bit)
		}
	}
	return settable
}
