package imapwire

import (
	"bytes"
	"unicode/utf8"

	"github.com/restante/restante/imap"
)

// AString reads an astring: an atom, in which "]" may stand, or a string
// (RFC 9051 §9, astring).
func (d *Decoder) AString() string { return string(d.astringBytes(charAString)) }

// String reads a string: quoted or literal (RFC 9051 §4.3).
func (d *Decoder) String() string { return string(d.stringBytes("a string is missing")) }

// NString reads a string or NIL (RFC 9051 §4.5).
func (d *Decoder) NString() imap.NString {
	if d.peek() != '"' && !d.atLiteral() && d.acceptWord("NIL") {
		return imap.NString{}
	}
	text := d.stringBytes("a string or NIL is missing")
	return imap.NString{Text: string(text), Present: d.err == nil}
}

// astringBytes reads an astring whose atom form consists of the given class.
// The slice is part of the fragments, or a copy if it had escapes.
func (d *Decoder) astringBytes(class uint8) []byte {
	if c := d.peek(); c != 0 && charClass[c]&class != 0 {
		return d.run(class, "")
	}
	return d.stringBytes("an atom or string is missing")
}

func (d *Decoder) stringBytes(missing string) []byte {
	if d.accept('"') {
		return d.quoted()
	}
	if d.atLiteral() {
		return d.literal(false)
	}
	d.Fail(missing)
	return nil
}

// quoted reads a quoted string after its first quote. UTF-8 is accepted in every
// mode and checked: RFC 9051 §9, QUOTED-CHAR, and RFC 9755 §3, which lets a
// client use it before ENABLE.
func (d *Decoder) quoted() []byte {
	rest := d.text[d.pos:]
	end := bytes.IndexByte(rest, '"')
	if end >= 0 && bytes.IndexByte(rest[:end], '\\') < 0 {
		d.pos += end + 1
		return d.checkUTF8(rest[:end])
	}
	return d.quotedEscaped(rest)
}

// quotedEscaped reads a quoted string with quoted-specials in it.
func (d *Decoder) quotedEscaped(rest []byte) []byte {
	var text []byte
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; c {
		case '"':
			d.pos += i + 1
			return d.checkUTF8(text)
		case '\\':
			i++
			if i >= len(rest) || rest[i] != '"' && rest[i] != '\\' {
				d.pos += i
				d.Fail("a backslash quotes neither a quote nor a backslash")
				return nil
			}
			text = append(text, rest[i])
		default:
			text = append(text, c)
		}
	}
	d.pos += len(rest)
	d.Fail("a quoted string does not end in its line")
	return nil
}

func (d *Decoder) checkUTF8(text []byte) []byte {
	if !utf8.Valid(text) {
		d.Fail("a quoted string is not UTF-8")
		return nil
	}
	return text
}

// atLiteral reports whether a buffered literal is next.
func (d *Decoder) atLiteral() bool {
	return d.err == nil && d.pos == len(d.text) && d.piece+1 < len(d.frags.pieces) &&
		d.frags.pieces[d.piece+1].kind == pieceLiteral
}

// literal reads a literal; a literal8 only where the caller admits one, since
// only that may hold NUL (RFC 9051 §4.3.1).
func (d *Decoder) literal(binary bool) []byte {
	p := d.frags.pieces[d.piece+1]
	content := d.frags.data[p.start:p.end]
	switch {
	case p.binary && !binary:
		d.Fail("a binary literal is not allowed here")
		return nil
	case !p.binary && bytes.IndexByte(content, 0) >= 0:
		d.Fail("NUL in a literal that is not binary")
		return nil
	}
	d.enter(d.piece + 2)
	return content
}

// Literal8 reads a literal or literal8 that was buffered.
func (d *Decoder) Literal8() []byte {
	if !d.atLiteral() {
		d.Fail("a literal is missing")
		return nil
	}
	return bytes.Clone(d.literal(true))
}

// StreamLiteral checks that the literal to be streamed comes here, which ends
// what can be read now, and returns its size and whether it is a literal8.
func (d *Decoder) StreamLiteral() (sizeOctets uint64, binary bool) {
	if !d.atStream() {
		d.Fail("a literal is missing")
		return 0, false
	}
	p := d.frags.pieces[d.piece+1]
	d.enter(d.piece + 2)
	return p.sizeOctets, p.binary
}

// atStream reports whether a literal to be streamed is next.
func (d *Decoder) atStream() bool {
	next := d.piece + 1
	return d.err == nil && d.pos == len(d.text) && next < len(d.frags.pieces) &&
		d.frags.pieces[next].kind == pieceStream
}
