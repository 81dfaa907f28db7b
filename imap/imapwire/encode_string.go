package imapwire

import (
	"bytes"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/restante/restante/imap"
)

// quotedOctetsMax is the longest text that is written in quotes; clients and
// servers limit their lines and not their literals (RFC 7162 §4).
const quotedOctetsMax = 1000

// String writes a string: in quotes if it can be, else as a literal. Octets that
// no literal may hold (NUL) are left out (RFC 9051 §9, rule 3).
func (e *Encoder) String(text string) *Encoder {
	if isPlain(text) { // most text by far
		e.room()
		e.buf = append(e.buf, '"')
		e.buf = append(e.buf, text...)
		e.buf = append(e.buf, '"')
		return e
	}
	if !e.quotable(text) {
		return e.literalText(text)
	}
	return e.quoted(text)
}

// isPlain reports whether the text may stand in quotes as it is, in every mode.
func isPlain(text string) bool {
	if len(text) > quotedOctetsMax {
		return false
	}
	for i := 0; i < len(text); i++ {
		if charClass[text[i]]&charQuotable == 0 {
			return false
		}
	}
	return true
}

// quotable reports whether the text may stand in quotes in this mode.
func (e *Encoder) quotable(text string) bool {
	if len(text) > quotedOctetsMax {
		return false
	}
	high := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= 0x80:
			high = true
		case c == 0 || c == '\r' || c == '\n':
			return false
		}
	}
	return !high || e.mode.UTF8 && utf8.ValidString(text)
}

func (e *Encoder) quoted(text string) *Encoder {
	e.room()
	e.buf = append(e.buf, '"')
	for i := 0; i < len(text); i++ {
		if c := text[i]; c == '"' || c == '\\' {
			e.buf = append(e.buf, '\\')
		}
		e.buf = append(e.buf, text[i])
	}
	return e.octet('"')
}

func (e *Encoder) literalText(text string) *Encoder {
	content := []byte(text)
	if bytes.IndexByte(content, 0) >= 0 {
		content = bytes.ReplaceAll(content, []byte{0}, nil)
	}
	return e.Literal(content)
}

// NString writes a string or NIL.
func (e *Encoder) NString(text imap.NString) *Encoder {
	if !text.Present {
		return e.Raw("NIL")
	}
	return e.String(text.Text)
}

// AString writes an astring: as an atom if it can be one and cannot be taken for
// NIL, else as a string.
func (e *Encoder) AString(text string) *Encoder {
	if text == "" || len(text) > quotedOctetsMax || len(text) == 3 && equalFold([]byte(text), "NIL") {
		return e.String(text)
	}
	for i := 0; i < len(text); i++ {
		if charClass[text[i]]&charAtom == 0 {
			return e.String(text)
		}
	}
	return e.Raw(text)
}

// Mailbox writes a mailbox name, given in UTF-8, as the mode demands.
func (e *Encoder) Mailbox(name string) *Encoder {
	if !e.mode.UTF8 {
		for i := 0; i < len(name); i++ {
			if c := name[i]; c == '&' || c < 0x20 || c > 0x7e {
				return e.AString(EncodeUTF7(name))
			}
		}
	}
	return e.AString(name)
}

// Literal writes octets as a literal. They must hold no NUL: see LiteralOrBinary.
func (e *Encoder) Literal(content []byte) *Encoder {
	e.literalHead("{", int64(len(content)))
	return e.octets(content)
}

// Literal8 writes octets as a literal8, which may hold NUL.
func (e *Encoder) Literal8(content []byte) *Encoder {
	e.literalHead("~{", int64(len(content)))
	return e.octets(content)
}

// LiteralOrBinary writes octets as a literal, or as a literal8 if they hold NUL
// (RFC 9051 §6.4.5, BINARY).
func (e *Encoder) LiteralOrBinary(content []byte) *Encoder {
	if bytes.IndexByte(content, 0) >= 0 {
		return e.Literal8(content)
	}
	return e.Literal(content)
}

func (e *Encoder) literalHead(open string, size int64) {
	e.Raw(open)
	e.buf = strconv.AppendInt(e.buf, size, 10)
	if !e.commands || size > e.nonSyncMax {
		e.buf = append(e.buf, "}\r\n"...)
	} else {
		e.buf = append(e.buf, "+}\r\n"...)
	}
	if e.commands && size > e.nonSyncMax && e.Flush() == nil {
		e.err = e.wait()
	}
}

// Octets writes octets as they are: what the caller knows to be whole elements.
func (e *Encoder) Octets(content []byte) *Encoder { return e.octets(content) }

// octets writes content; what is large goes to the writer without being copied.
func (e *Encoder) octets(content []byte) *Encoder {
	if len(e.buf)+len(content) <= e.size {
		e.buf = append(e.buf, content...)
		return e
	}
	if err := e.Flush(); err != nil {
		return e
	}
	if len(content) <= e.size/2 {
		e.buf = append(e.buf, content...)
		return e
	}
	_, e.err = e.w.Write(content)
	return e
}

// LiteralFrom writes a literal of size octets that are read from r. If r ends
// before or fails, the encoder is of no more use and the error sticks.
func (e *Encoder) LiteralFrom(r io.Reader, size int64) *Encoder {
	e.literalHead("{", size)
	return e.copyOctets(r, size)
}

// Literal8From is LiteralFrom as a literal8.
func (e *Encoder) Literal8From(r io.Reader, size int64) *Encoder {
	e.literalHead("~{", size)
	return e.copyOctets(r, size)
}

// copyOctets reads into the free part of the buffer, so that it needs no memory
// of its own.
func (e *Encoder) copyOctets(r io.Reader, size int64) *Encoder {
	for size > 0 && e.err == nil {
		if len(e.buf) >= e.size {
			_ = e.Flush()
			continue
		}
		if cap(e.buf) < e.size {
			e.buf = append(make([]byte, 0, e.size), e.buf...)
		}
		free := e.buf[len(e.buf):e.size]
		n, err := r.Read(free[:min(int64(len(free)), size)])
		e.buf = e.buf[:len(e.buf)+n]
		size -= int64(n)
		if err != nil && size > 0 {
			if err == io.EOF {
				err = ErrShortLiteral
			}
			e.err = err
		}
	}
	return e
}
