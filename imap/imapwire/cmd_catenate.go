package imapwire

import (
	"bytes"
	"fmt"

	"github.com/restante/restante/imap"
)

// DecodeCatenatePart reads the first part of a message in parts (RFC 4469 §5,
// cat-part), after DecodeAppend, DecodeAppendNext or DecodeReplace said Catenate.
// If it has a literal, that is to be streamed.
func DecodeCatenatePart(d *Decoder) (imap.CatenatePart, error) {
	var part imap.CatenatePart
	switch {
	case d.acceptWord("URL"):
		d.SP()
		part.IsURL = true
		if part.HasLiteral = d.atStream(); part.HasLiteral {
			part.SizeOctets, part.Binary = d.StreamLiteral()
			if part.Binary {
				d.Fail("a URL is no binary literal")
			}
			break
		}
		part.URL = d.AString()
	case d.acceptWord("TEXT"):
		d.SP()
		part.HasLiteral = true
		part.SizeOctets, part.Binary = d.StreamLiteral()
	case d.acceptUTF8(): // RFC 6855 §4
		part.HasLiteral, part.UTF8 = true, true
		part.SizeOctets, part.Binary = d.StreamLiteral()
		if !part.Binary {
			d.Fail("a message in UTF8 () must be a binary literal")
		}
	default:
		d.Fail("a part of a message is a TEXT or a URL")
	}
	return part, d.err
}

// DecodeCatenateNext reads what follows a part: another one, or the end of the
// message, for which it returns nil. After a part with a literal the decoder is
// one of the fragments that Resume returned, and has read nothing.
func DecodeCatenateNext(d *Decoder, previous imap.CatenatePart) (*imap.CatenatePart, error) {
	d.TakeFault()
	if previous.UTF8 {
		d.expect(')', "a closing parenthesis is missing after the text")
	}
	if !d.More() {
		d.expect(')', "a closing parenthesis is missing after the parts")
		return nil, d.err
	}
	part, err := DecodeCatenatePart(d)
	if err != nil {
		return nil, err
	}
	return &part, nil
}

// EncodeCatenatePart writes a part, up to and with the space before its literal if
// it has one: that follows by LiteralFrom or, if it is Binary, Literal8From, and,
// if it is UTF8, a closing parenthesis.
func EncodeCatenatePart(e *Encoder, part imap.CatenatePart) {
	switch {
	case part.UTF8:
		e.Raw("UTF8 (")
	case !part.IsURL:
		e.Raw("TEXT ")
	case part.HasLiteral:
		e.Raw("URL ")
	default:
		e.Raw("URL ").AString(part.URL)
	}
}

// urlText writes a URL as the argument of a response code: octets that must not
// stand there are percent-encoded, and nothing is shown as two quotes
// (RFC 4469 §5, url-resp-text).
func (e *Encoder) urlText(url string) *Encoder {
	if url == "" {
		return e.Raw(`""`)
	}
	for i := 0; i < len(url); i++ {
		if c := url[i]; c < ' ' || c > '~' || c == ']' {
			e.Raw(fmt.Sprintf("%%%02X", c))
		} else {
			e.octet(c)
		}
	}
	return e
}

func (d *Decoder) codeBadURL() imap.Code {
	d.SP()
	rest := d.text[d.pos:]
	if end := bytes.IndexByte(rest, ']'); end >= 0 {
		rest = rest[:end]
	}
	if len(rest) == 0 {
		d.Fail("a URL is missing")
	}
	d.pos += len(rest)
	return imap.CodeBadURL{URL: string(rest)}
}
