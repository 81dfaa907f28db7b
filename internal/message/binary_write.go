package message

import "encoding/binary"

// The binary form of a Structure. Integers are uvarints unless said otherwise;
// a new version of the form gets a new first octet, and forms of older versions
// are not read: what holds them is derived and is built anew.
//
//	structure  version(1 octet) message
//	message    size flags [sent] references envelope part
//	  flags    bit 0 Repeated, 1 EightBitHeader, 2 Sent is set
//	  sent     seconds since 1970 and minutes east, both as varints
//	references count, then strings
//	envelope   date subject in-reply-to message-id, each 0 or 1 string;
//	           from sender reply-to to cc bcc, each addresses
//	addresses  0 for none, 1 for the same as from; else count+1, then for each
//	           kind(1 octet) and the strings name mailbox host; kind 3 is a
//	           mailbox with a fourth string, its route
//	part       flags start headerlength gap bodylength type subtype encoding,
//	           then what the flags name, in the order of their bits
//	  flags    bit 0 params, 1 id, 2 description, 3 md5, 4 location,
//	           5 disposition and its params, 6 language, 7 lines, 8 parts,
//	           9 message
//	  start    of the header, from the start of the enclosing body
//	  gap      from the end of the header to the start of the body
//	params     count, then for each the strings name and value
//	string     length<<1 and the octets, or index<<1|1 of a common word
const binaryVersion = 1

// AppendBinary appends the binary form of s to b: about a kilobyte for an
// ordinary message.
func AppendBinary(b []byte, s *Structure) []byte {
	w := binaryWriter{b: append(b, binaryVersion)}
	w.message(s, 0)
	return w.b
}

// binaryRouted is the kind of a mailbox with a route.
const binaryRouted = 3

type binaryWriter struct{ b []byte }

const (
	flagRepeated = 1 << iota
	flagEightBit
	flagSent
)

const (
	partParams = 1 << iota
	partID
	partDescription
	partMD5
	partLocation
	partDisposition
	partLanguage
	partLines
	partParts
	partMessage
)

func (w *binaryWriter) uint(n uint64) { w.b = binary.AppendUvarint(w.b, n) }
func (w *binaryWriter) int(n int64)   { w.b = binary.AppendVarint(w.b, n) }

func (w *binaryWriter) string(s string) {
	if len(s) > 1 {
		if i, found := commonIndex[s]; found {
			w.uint(uint64(i)<<1 | 1)
			return
		}
	}
	w.uint(uint64(len(s)) << 1)
	w.b = append(w.b, s...)
}

func (w *binaryWriter) strings(list []string) {
	w.uint(uint64(len(list)))
	for _, s := range list {
		w.string(s)
	}
}

func (w *binaryWriter) message(s *Structure, origin int64) {
	w.uint(uint64(s.Size))
	flags := uint64(0)
	if s.Repeated {
		flags |= flagRepeated
	}
	if s.EightBitHeader {
		flags |= flagEightBit
	}
	if !s.Sent.IsZero() {
		flags |= flagSent
	}
	w.uint(flags)
	if flags&flagSent != 0 {
		_, zone := s.Sent.Zone()
		w.int(s.Sent.Unix())
		w.int(int64(zone / 60))
	}
	w.strings(s.References)
	w.envelope(&s.Envelope)
	w.part(&s.Root, origin)
}

func (w *binaryWriter) envelope(e *Envelope) {
	for _, o := range [...]Optional{e.Date, e.Subject, e.InReplyTo, e.MessageID} {
		if !o.Present {
			w.uint(0)
			continue
		}
		w.uint(1)
		w.string(o.Text)
	}
	w.addresses(e.From, nil)
	for _, list := range [...][]Address{e.Sender, e.ReplyTo, e.To, e.Cc, e.Bcc} {
		w.addresses(list, e.From)
	}
}

func (w *binaryWriter) addresses(list, from []Address) {
	if len(list) == 0 {
		w.uint(0)
		return
	}
	if len(list) == len(from) && &list[0] == &from[0] {
		w.uint(1)
		return
	}
	w.uint(uint64(len(list)) + 1)
	for i := range list {
		a := &list[i]
		kind := byte(a.Kind)
		if a.Route != "" {
			kind = binaryRouted
		}
		w.b = append(w.b, kind)
		w.string(a.Name)
		w.string(a.Mailbox)
		w.string(a.Host)
		if kind == binaryRouted {
			w.string(a.Route)
		}
	}
}

func (w *binaryWriter) params(params []Param) {
	w.uint(uint64(len(params)))
	for _, p := range params {
		w.string(p.Name)
		w.string(p.Value)
	}
}

// part writes a part; origin is the start of what encloses it.
func (w *binaryWriter) part(p *Part, origin int64) {
	flags := p.flags()
	w.uint(flags)
	w.uint(uint64(p.Header.Start - origin))
	w.uint(uint64(p.Header.Len()))
	w.uint(uint64(p.Body.Start - p.Header.End))
	w.uint(uint64(p.Body.Len()))
	w.string(p.Type)
	w.string(p.Subtype)
	w.string(p.Encoding)
	if flags&partParams != 0 {
		w.params(p.Params)
	}
	for i, s := range [...]string{p.ID, p.Description, p.MD5, p.Location} {
		if flags&(partID<<i) != 0 {
			w.string(s)
		}
	}
	if flags&partDisposition != 0 {
		w.string(p.Disposition)
		w.params(p.DispositionParams)
	}
	if flags&partLanguage != 0 {
		w.strings(p.Language)
	}
	if flags&partLines != 0 {
		w.uint(uint64(p.Lines))
	}
	if flags&partParts != 0 {
		w.uint(uint64(len(p.Parts)))
		for i := range p.Parts {
			w.part(&p.Parts[i], p.Body.Start)
		}
	}
	if flags&partMessage != 0 {
		w.message(p.Message, p.Body.Start)
	}
}

func (p *Part) flags() uint64 {
	var flags uint64
	for i, set := range [...]bool{
		len(p.Params) > 0, p.ID != "", p.Description != "", p.MD5 != "", p.Location != "",
		p.Disposition != "", len(p.Language) > 0, p.Lines != 0, len(p.Parts) > 0, p.Message != nil,
	} {
		if set {
			flags |= 1 << i
		}
	}
	return flags
}
