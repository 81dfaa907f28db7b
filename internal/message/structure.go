package message

import (
	"strings"
	"time"
)

// Span is a range of bytes of a message: offsets from the start of the whole
// message, End exclusive.
type Span struct{ Start, End int64 }

// Len returns the number of octets in the span.
func (s Span) Len() int64 { return s.End - s.Start }

// Param is one parameter of Content-Type or Content-Disposition. Name is in
// lower case; Value is as sent, without quotes. RFC 2231 forms (name*, name*0)
// are kept as separate parameters; Part.Param and Part.Filename decode them.
type Param struct{ Name, Value string }

// Optional is the text of a header field that may be absent: ENVELOPE tells
// an absent field (NIL) from an empty one ("") (RFC 9051 §7.5.2).
type Optional struct {
	Text    string
	Present bool
}

// AddressKind tells the three uses of an ENVELOPE address structure apart.
type AddressKind uint8

// The kinds of address (RFC 9051 §7.5.2).
const (
	AddressMailbox    AddressKind = iota // a mailbox: Name, Mailbox and Host
	AddressGroupStart                    // begins a group named by Mailbox; Host is NIL
	AddressGroupEnd                      // ends a group; every member is NIL
)

// Address is one member of an address list, in the terms of ENVELOPE. Text is
// as sent: quotes removed, RFC 2047 words not decoded, 8-bit octets kept. A
// mailbox without a domain has an empty Host, which is written as "" and not
// as NIL, because NIL would make it a group.
type Address struct {
	Kind    AddressKind
	Name    string // display name; "" is written as NIL
	Route   string // source route (RFC 5322 §4.4, obs-route); "" is written as NIL
	Mailbox string // local part, or the name of a group
	Host    string // domain
}

// Envelope is what ENVELOPE returns (RFC 9051 §7.5.2). Sender and ReplyTo
// already default to From. A field that occurs several times contributes all
// its addresses, or the first of its texts. Texts are unfolded and not decoded.
type Envelope struct {
	Date      Optional
	Subject   Optional
	From      []Address
	Sender    []Address
	ReplyTo   []Address
	To        []Address
	Cc        []Address
	Bcc       []Address
	InReplyTo Optional
	MessageID Optional
}

// Structure describes one message: the outermost, or one embedded in a
// message/rfc822 or message/global part. All spans, also those of embedded
// messages, count from the start of the outermost message.
type Structure struct {
	Size     int64 // octets of this message: header and body
	Envelope Envelope
	Root     Part // Root.Header is the message header, Root.Body its text

	// Sent is the Date field as a time, in the zone the field names; the
	// zero time where the field is absent or no date can be read from it.
	Sent time.Time
	// References lists the message ids of the References field, without
	// angle brackets, oldest first (RFC 5256 §3, REFERENCES).
	References []string
	// Repeated says that a field held in Envelope or References occurs more
	// than once, so that the header itself must be asked for all its texts.
	Repeated bool
	// EightBitHeader says that a header of the message or of one of its
	// parts holds octets above 127 (RFC 6532, or undeclared 8-bit text).
	EightBitHeader bool
}

// Part is a node of the MIME tree. Type, Subtype, Encoding and Disposition are
// in lower case. A part without a (readable) Content-Type is text/plain with
// charset us-ascii (RFC 2045 §5.2), or message/rfc822 within multipart/digest
// (RFC 2046 §5.1.5).
//
// A multipart has at least one element in Parts, and no other part has any. A
// message/rfc822 or message/global part has a Message, and no other part has
// one. Where a multipart has no part that can be found, Parts holds one leaf
// that covers the multipart's body.
type Part struct {
	Header Span // includes the blank line that ends it, where there is one
	Body   Span // as sent, in its transfer encoding; its length is the size in BODYSTRUCTURE

	Type, Subtype string
	Params        []Param
	ID            string // Content-ID; "" is written as NIL, as for the next four
	Description   string // Content-Description
	Encoding      string // Content-Transfer-Encoding; "7bit" where the field is absent
	MD5           string // Content-MD5
	Location      string // Content-Location

	Disposition       string // "" where there is no Content-Disposition
	DispositionParams []Param
	Language          []string // Content-Language
	Lines             int64    // line ends in Body

	Parts   []Part
	Message *Structure
}

// IsMultipart reports whether the part's type is multipart.
func (p *Part) IsMultipart() bool { return p.Type == "multipart" }

// IsText reports whether the part's type is text.
func (p *Part) IsText() bool { return p.Type == "text" }

// IsMessage reports whether the part is an embedded message: message/rfc822 or
// message/global (RFC 6532 §3.7).
func (p *Part) IsMessage() bool {
	return p.Type == "message" && (p.Subtype == "rfc822" || p.Subtype == "global")
}

// param returns the value of the parameter called name, which must be in lower
// case, as sent; "" where there is none.
func param(params []Param, name string) string {
	for i := range params {
		if params[i].Name == name {
			return params[i].Value
		}
	}
	return ""
}

// Addr returns mailbox@host, or the mailbox alone where there is no host.
func (a Address) Addr() string {
	if a.Host == "" {
		return a.Mailbox
	}
	var b strings.Builder
	b.Grow(len(a.Mailbox) + 1 + len(a.Host))
	b.WriteString(a.Mailbox)
	b.WriteByte('@')
	b.WriteString(a.Host)
	return b.String()
}
