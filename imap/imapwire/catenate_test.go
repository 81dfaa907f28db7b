package imapwire

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"testing"

	"github.com/restante/restante/imap"
)

// readParts reads the parts of an APPEND, and its messages' literals.
func (r *reading) parts(d *Decoder) (parts []imap.CatenatePart, literals []string, err error) {
	r.t.Helper()
	part, err := DecodeCatenatePart(d)
	for next := &part; next != nil && err == nil; {
		part := *next
		if part.HasLiteral {
			literals = append(literals, r.message())
			frags, resumed := r.Resume(r.r)
			if resumed != nil {
				return nil, nil, resumed
			}
			d.Reset(frags, Mode{}, DefaultLimits())
		}
		parts = append(parts, part)
		next, err = DecodeCatenateNext(d, part)
	}
	return parts, literals, err
}

// The parts of a message are read one after the other, with literals of each kind,
// and what follows them is the next message.
func TestCatenate(t *testing.T) {
	r := readingOf(t, "a APPEND x (\\seen) CATENATE (URL /y/;UID=1 TEXT {3+}\r\nabc URL {4+}\r\n/z/; TEXT ~{1+}\r\n\x00 "+
		"UTF8 (~{2+}\r\nde) URL \"a b\") \" 7-Feb-1994 21:52:25 -0800\" {1+}\r\nf\r\nz NOOP\r\n")
	d, _ := r.begin()
	request, err := DecodeAppend(d)
	if err != nil || !request.Catenate || len(request.Flags) != 1 {
		t.Fatalf("%+v, %v", request, err)
	}
	parts, literals, err := r.parts(d)
	want := []imap.CatenatePart{
		{IsURL: true, URL: "/y/;UID=1"}, {HasLiteral: true, SizeOctets: 3}, {IsURL: true, HasLiteral: true, SizeOctets: 4},
		{HasLiteral: true, SizeOctets: 1, Binary: true}, {HasLiteral: true, SizeOctets: 2, Binary: true, UTF8: true}, {IsURL: true, URL: "a b"},
	}
	if err != nil || !reflect.DeepEqual(parts, want) || !reflect.DeepEqual(literals, []string{"abc", "/z/;", "\x00", "de"}) {
		t.Fatalf("%+v, %q, %v", parts, literals, err)
	}
	next, err := DecodeAppendNext(d, request)
	if err != nil || next == nil || next.Catenate || next.SizeOctets != 1 || next.Date == nil {
		t.Fatalf("%+v, %v", next, err)
	}
	r.message()
	if end, err := r.next(*next); end != nil || err != nil {
		t.Fatalf("%+v, %v", end, err)
	}
	r.expectNext()
}

// What is no list of parts is refused.
func TestCatenateRefuses(t *testing.T) {
	for _, arguments := range []string{
		"CATENATE", "CATENATE ()", "CATENATE (URL)", "CATENATE (URL a", "CATENATE (URL a  URL b)", "CATENATE (URL a)(URL b)", "CATENATE (TEXT \"a\")",
		"CATENATE (TEXT a)", "CATENATE (FILE a)", "CATENATE (URL a URL)", "CATENATE (UTF8 a)",
	} {
		r := readingOf(t, "a APPEND x "+arguments+"\r\n")
		d, _ := r.begin()
		request, err := DecodeAppend(d)
		if err == nil && request.Catenate {
			if _, _, err = r.parts(d); err == nil {
				_, err = DecodeAppendNext(d, request)
			}
		}
		if err == nil {
			t.Errorf("%s is read", arguments)
		}
	}
}

// Parts that are read are written so that they are read as the same, whatever the
// client sends.
func FuzzCatenate(f *testing.F) {
	for _, seed := range []string{
		"URL /y/;UID=1 TEXT {3+}\r\nabc URL {4+}\r\n/z/; TEXT ~{1+}\r\n\x00 UTF8 (~{2+}\r\nde) URL \"a b\")", "URL NIL)", "TEXT {0+}\r\n)",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parts, literals, ok := readCatenation(t, text)
		if !ok {
			return
		}
		written := writeCatenation(parts, literals)
		again, content, ok := readCatenation(t, written)
		if !ok || !reflect.DeepEqual(parts, again) || !reflect.DeepEqual(literals, content) {
			t.Fatalf("%q was written as %q:\n got %+v\nwant %+v", text, written, again, parts)
		}
	})
}

func readCatenation(t *testing.T, text string) (parts []imap.CatenatePart, literals []string, ok bool) {
	r := readingOf(t, "a APPEND x CATENATE ("+text+"\r\n")
	frags, err := r.Read(r.r)
	if err != nil || frags.Fault() != nil {
		return nil, nil, false
	}
	d := NewDecoder(frags, Mode{}, DefaultLimits())
	d.Tag()
	d.Command()
	if request, err := DecodeAppend(d); err != nil || !request.Catenate {
		return nil, nil, false
	}
	part, err := DecodeCatenatePart(d)
	for next := &part; next != nil && err == nil; {
		part := *next
		if part.HasLiteral {
			body, err := r.Open(r.r)
			if err != nil {
				return nil, nil, false
			}
			content := make([]byte, min(part.SizeOctets, 1<<16))
			n, _ := io.ReadFull(body, content)
			frags, err := r.Resume(r.r)
			if err != nil || uint64(n) != part.SizeOctets {
				return nil, nil, false
			}
			if !part.Binary && bytes.IndexByte(content, 0) >= 0 {
				return nil, nil, false // who reads such a literal refuses it (RFC 9051 §4.3.1)
			}
			d.Reset(frags, Mode{}, DefaultLimits())
			if part.IsURL { // the writer chooses the form of a URL
				part = imap.CatenatePart{IsURL: true, URL: string(content[:n])}
			} else {
				literals = append(literals, string(content[:n]))
			}
		}
		parts = append(parts, part)
		next, err = DecodeCatenateNext(d, part)
	}
	return parts, literals, err == nil && d.End() == nil
}

func writeCatenation(parts []imap.CatenatePart, literals []string) string {
	var out bytes.Buffer
	e := NewEncoder(&out)
	e.SetCommandLiterals(1<<20, nil)
	for i, part := range parts {
		if i > 0 {
			e.SP()
		}
		EncodeCatenatePart(e, part)
		if part.HasLiteral {
			tilde := ""
			if part.Binary {
				tilde = "~"
			}
			e.Raw(fmt.Sprintf("%s{%d+}\r\n%s", tilde, part.SizeOctets, literals[0]))
			literals = literals[1:]
		}
		if part.UTF8 {
			e.Raw(")")
		}
	}
	e.Raw(")")
	_ = e.Flush()
	return out.String()
}
