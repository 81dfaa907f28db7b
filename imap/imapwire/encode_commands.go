package imapwire

import (
	"encoding/base64"

	"github.com/restante/restante/imap"
)

// The functions of this and the next files are the other side of the Decode
// functions: each writes the arguments of one command, from the space after its
// name to before its line end. What a Decode function read is read again as the
// same value.

// BeginCommand writes a tag and the command's name, such as "UID FETCH".
func (e *Encoder) BeginCommand(tag, name string) { e.Raw(tag).SP().Raw(name) }

// EncodeLogin writes the arguments of LOGIN.
func EncodeLogin(e *Encoder, r imap.LoginRequest) {
	e.SP().AString(r.User).SP().AString(r.Password)
}

// EncodeAuthenticate writes the arguments of AUTHENTICATE.
func EncodeAuthenticate(e *Encoder, r imap.AuthenticateRequest) {
	e.SP().Raw(r.Mechanism)
	switch {
	case r.Initial == nil:
	case len(r.Initial) == 0:
		e.Raw(" =")
	default:
		e.SP().Raw(base64.StdEncoding.EncodeToString(r.Initial))
	}
}

// EncodeEnable writes the arguments of ENABLE.
func EncodeEnable(e *Encoder, capabilities []imap.Capability) { e.capabilities(capabilities) }

// EncodeID writes the argument of ID.
func EncodeID(e *Encoder, fields []imap.IDField) { e.SP().idFields(fields) }

// EncodeMailbox writes the argument of a command that names one mailbox.
func EncodeMailbox(e *Encoder, name string) { e.SP().Mailbox(name) }

// EncodeSelect writes the arguments of SELECT and EXAMINE.
func EncodeSelect(e *Encoder, r imap.SelectRequest) {
	e.SP().Mailbox(r.Mailbox)
	if !r.CondStore && r.QResync == nil && !r.Annotate {
		return
	}
	e.SP().words([]word{{"CONDSTORE", r.CondStore}, {"ANNOTATE", r.Annotate}, {"QRESYNC (", r.QResync != nil}})
	if q := r.QResync; q != nil {
		e.Number(uint64(q.UIDValidity)).SP().Number(uint64(q.ModSeq))
		if len(q.KnownUIDs) > 0 {
			e.SP().UIDSet(q.KnownUIDs)
		}
		if len(q.MatchSeqs) > 0 {
			e.Raw(" (").SeqSet(q.MatchSeqs).SP().UIDSet(q.MatchUIDs).octet(')')
		}
		e.octet(')')
	}
	e.octet(')')
}

// EncodeCreate writes the arguments of CREATE.
func EncodeCreate(e *Encoder, r imap.CreateRequest) {
	e.SP().Mailbox(r.Mailbox)
	for i, use := range r.Uses {
		if i == 0 {
			e.Raw(" (USE (")
		} else {
			e.SP()
		}
		e.Raw(string(use))
	}
	if len(r.Uses) > 0 {
		e.Raw("))")
	}
}

// EncodeRename writes the arguments of RENAME.
func EncodeRename(e *Encoder, r imap.RenameRequest) { e.SP().Mailbox(r.From).SP().Mailbox(r.To) }

// EncodeStatus writes the arguments of STATUS.
func EncodeStatus(e *Encoder, r imap.StatusRequest) {
	e.SP().Mailbox(r.Mailbox).SP().statusItems(r.Items)
}

func (e *Encoder) statusItems(items []imap.StatusItem) {
	e.octet('(')
	for i, item := range items {
		if i > 0 {
			e.SP()
		}
		e.Raw(item.String())
	}
	e.octet(')')
}

// EncodeAppend writes the arguments of APPEND up to and with the space before its
// message. The message follows by LiteralFrom or, if it is Binary, Literal8From,
// and, if it is UTF8, a closing parenthesis; if it is Catenate, its parts follow by
// EncodeCatenatePart, and a closing parenthesis.
func EncodeAppend(e *Encoder, r imap.AppendRequest) {
	e.SP().Mailbox(r.Mailbox).SP()
	if r.Flags != nil {
		e.FlagList(r.Flags).SP()
	}
	if r.Date != nil {
		e.DateTime(*r.Date).SP()
	}
	if r.Annotations != nil {
		e.Raw("ANNOTATION ").annotationEntries(r.Annotations).SP()
	}
	switch {
	case r.Catenate:
		e.Raw("CATENATE (")
	case r.UTF8:
		e.Raw("UTF8 (")
	}
}

// EncodeList writes the arguments of LIST.
func EncodeList(e *Encoder, r imap.ListRequest) {
	e.SP()
	if r.Select != (imap.ListSelect{}) {
		e.words([]word{
			{"SUBSCRIBED", r.Select.Subscribed}, {"REMOTE", r.Select.Remote},
			{"RECURSIVEMATCH", r.Select.RecursiveMatch}, {"SPECIAL-USE", r.Select.SpecialUse},
		}).octet(')').SP()
	}
	e.Mailbox(r.Reference).SP()
	switch len(r.Patterns) {
	case 0:
		e.listMailbox("")
	case 1:
		e.listMailbox(r.Patterns[0])
	default:
		for i, pattern := range r.Patterns {
			e.octet("( "[min(i, 1)]).listMailbox(pattern)
		}
		e.octet(')')
	}
	if !r.Extended {
		return
	}
	e.Raw(" RETURN ").words([]word{
		{"SUBSCRIBED", r.Return.Subscribed}, {"CHILDREN", r.Return.Children},
		{"SPECIAL-USE", r.Return.SpecialUse}, {"MYRIGHTS", r.Return.MyRights}, {"STATUS ", r.Return.Status != nil},
	})
	if r.Return.Status != nil {
		e.statusItems(r.Return.Status)
	}
	if r.Return.Metadata != nil {
		e.listMetadata(r.Return)
	}
	e.octet(')')
}

// EncodeLsub writes the arguments of LSUB.
func EncodeLsub(e *Encoder, r imap.ListRequest) {
	e.SP().Mailbox(r.Reference).SP().listMailbox(r.Patterns[0])
}

// word is a word of the grammar that is written or left out.
type word struct {
	text string
	want bool
}

// words writes "(" and the wanted words with spaces between.
func (e *Encoder) words(words []word) *Encoder {
	e.octet('(')
	some := false
	for _, w := range words {
		if !w.want {
			continue
		}
		if some {
			e.SP()
		}
		e.Raw(w.text)
		some = true
	}
	return e
}

// listMailbox writes a pattern, in which wildcards need no quotes.
func (e *Encoder) listMailbox(pattern string) *Encoder {
	if !e.mode.UTF8 {
		pattern = EncodeUTF7(pattern)
	}
	for i := 0; i < len(pattern); i++ {
		if charClass[pattern[i]]&charList == 0 {
			return e.String(pattern)
		}
	}
	if pattern == "" || len(pattern) > quotedOctetsMax {
		return e.String(pattern)
	}
	return e.Raw(pattern)
}
