package imapwire

import (
	"bytes"

	"github.com/restante/restante/imap"
)

// codeRows are the response codes with arguments, one row each
// (RFC 9051 §7.1 and §9, resp-text-code; RFC 7162 §7).
var codeRows = map[string]func(*Decoder) imap.Code{
	"BADCHARSET": (*Decoder).codeBadCharset,
	"BADEVENT":   (*Decoder).codeBadEvent,
	"CAPABILITY": func(d *Decoder) imap.Code {
		return imap.CodeCapability{Capabilities: d.capabilities()}
	},
	"PERMANENTFLAGS": func(d *Decoder) imap.Code {
		d.SP()
		return imap.CodePermanentFlags{Flags: d.PermanentFlagList()}
	},
	"UIDNEXT": func(d *Decoder) imap.Code {
		d.SP()
		return imap.CodeUIDNext{UID: imap.UID(d.NzNumber())}
	},
	"UIDVALIDITY": func(d *Decoder) imap.Code {
		d.SP()
		return imap.CodeUIDValidity{UIDValidity: imap.UIDValidity(d.NzNumber())}
	},
	"NOUPDATE": func(d *Decoder) imap.Code {
		d.SP()
		return imap.CodeNoUpdate{Tag: d.String()}
	},
	"REFERRAL": (*Decoder).codeReferral,
	"UNSEEN": func(d *Decoder) imap.Code {
		d.SP()
		return imap.CodeUnseen{Seq: imap.Seq(d.NzNumber())}
	},
	"BADURL":  (*Decoder).codeBadURL,
	"URLMECH": (*Decoder).codeURLMech,
	"MAXCONVERTMESSAGES": func(d *Decoder) imap.Code {
		d.SP()
		return imap.CodeMaxConvertMessages{Max: d.NzNumber()}
	},
	"MAXCONVERTPARTS": func(d *Decoder) imap.Code {
		d.SP()
		return imap.CodeMaxConvertParts{Max: d.NzNumber()}
	},
	"INPROGRESS":   (*Decoder).codeInProgress,
	"MAILBOXID":    (*Decoder).codeMailboxID,
	"APPENDUID":    (*Decoder).codeAppendUID,
	"COPYUID":      (*Decoder).codeCopyUID,
	"MESSAGELIMIT": (*Decoder).codeMessageLimit,
	"HIGHESTMODSEQ": func(d *Decoder) imap.Code {
		d.SP()
		return imap.CodeHighestModSeq{ModSeq: d.ModSeq()}
	},
	"MODIFIED": func(d *Decoder) imap.Code {
		d.SP()
		return imap.CodeModified{Messages: imap.MessagesBySeq(decodeSet[imap.Seq](d, false))}
	},
	"METADATA":         (*Decoder).codeMetadata,
	"ANNOTATE":         (*Decoder).codeAnnotate,
	"ANNOTATIONS":      (*Decoder).codeAnnotations,
	"UNDEFINED-FILTER": (*Decoder).codeUndefinedFilter,
}

// Code reads a response code without its brackets. A known code with arguments
// that do not fit it comes as a CodeOther.
func (d *Decoder) Code() imap.Code {
	word, start := d.word(), *d
	if row, ok := codeRows[word]; ok && d.err == nil {
		code := row(d)
		if d.err == nil && (d.peek() == ']' || d.atEnd()) {
			return code
		}
		*d = start
	}
	if d.peek() != ' ' {
		return codeWord(word)
	}
	d.pos++
	rest := d.text[d.pos:]
	if end := bytes.IndexByte(rest, ']'); end >= 0 {
		rest = rest[:end]
	}
	d.pos += len(rest)
	return imap.CodeOther{Word: word, Arguments: string(rest)}
}

// codeWord returns a code without arguments, whether it is known or not.
func codeWord(word string) imap.Code {
	for _, known := range imap.CodeWords {
		if word == string(known) {
			return known
		}
	}
	return imap.CodeOther{Word: word}
}

// bracketedCode reads "[" code "]". Text that only looks like it, with no word
// or no closing bracket, is left alone.
func (d *Decoder) bracketedCode() imap.Code {
	start := *d
	d.pos++
	code := d.Code()
	if !d.accept(']') {
		*d = start
		return nil
	}
	return code
}

func (d *Decoder) codeBadCharset() imap.Code {
	var code imap.CodeBadCharset
	if d.More() {
		d.List(false, func() { code.Charsets = append(code.Charsets, d.charset()) })
	}
	return code
}

// charset reads an atom or a quoted string.
func (d *Decoder) charset() string {
	if d.atLiteral() {
		d.Fail("a charset is no literal")
	}
	return d.AString()
}

func (d *Decoder) codeAppendUID() imap.Code {
	var code imap.CodeAppendUID
	d.SP()
	code.UIDValidity = imap.UIDValidity(d.NzNumber())
	d.SP()
	code.UIDs = decodeSet[imap.UID](d, false)
	return code
}

func (d *Decoder) codeCopyUID() imap.Code {
	var code imap.CodeCopyUID
	d.SP()
	code.UIDValidity = imap.UIDValidity(d.NzNumber())
	d.SP()
	code.Source = decodeSet[imap.UID](d, false)
	d.SP()
	code.Destination = decodeSet[imap.UID](d, false)
	return code
}
