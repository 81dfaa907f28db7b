package message

import (
	"encoding/binary"
	"errors"
	"time"
)

// ErrBinary reports octets that are not the binary form of a Structure, or are
// of another version. Whoever holds them parses the message again.
var ErrBinary = errors.New("message: not a binary structure of this version")

// DecodeBinary reads what AppendBinary wrote. It is safe on any octets: it
// allocates no more than they justify and either fails or returns a structure
// whose spans lie in order within each other. The strings of the result share one copy of b.
func DecodeBinary(b []byte) (*Structure, error) {
	if len(b) == 0 || b[0] != binaryVersion {
		return nil, ErrBinary
	}
	r := binaryReader{b: b[1:], text: string(b[1:])}
	s := new(Structure)
	r.message(s, 0, 0)
	if r.failed || r.pos != len(r.b) {
		return nil, ErrBinary
	}
	return s, nil
}

type binaryReader struct {
	b      []byte
	text   string // the same octets
	pos    int
	parts  int // announced so far
	failed bool
}

func (r *binaryReader) fail() { r.failed, r.pos = true, len(r.b) }

func (r *binaryReader) uint() uint64 {
	if r.pos < len(r.b) && r.b[r.pos] < 0x80 {
		r.pos++
		return uint64(r.b[r.pos-1])
	}
	n, length := binary.Uvarint(r.b[r.pos:])
	if length <= 0 {
		r.fail()
		return 0
	}
	r.pos += length
	return n
}

func (r *binaryReader) int() int64 {
	n, length := binary.Varint(r.b[r.pos:])
	if length <= 0 {
		r.fail()
		return 0
	}
	r.pos += length
	return n
}

// offsetMax keeps sums of a few offsets from overflowing.
const offsetMax = 1 << 56

// length reads an offset or a number of octets or lines of the message.
func (r *binaryReader) length() int64 {
	n := r.uint()
	if n > offsetMax {
		r.fail()
		return 0
	}
	return int64(n)
}

// count reads a number of things that take at least size octets each.
func (r *binaryReader) count(size int) int {
	n := r.uint()
	if n > uint64(len(r.b)-r.pos)/uint64(size) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *binaryReader) string() string {
	n := r.uint()
	if n&1 != 0 {
		if n>>1 >= uint64(len(commonWords)) {
			r.fail()
			return ""
		}
		return commonWords[n>>1]
	}
	if n >>= 1; n > uint64(len(r.b)-r.pos) {
		r.fail()
		return ""
	}
	r.pos += int(n)
	return r.text[r.pos-int(n) : r.pos]
}

func (r *binaryReader) strings() []string {
	n := r.count(1)
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = r.string()
	}
	return list
}

func (r *binaryReader) message(s *Structure, origin int64, depth int) {
	s.Size = r.length()
	r.flags(s)
	if r.failed {
		return
	}
	s.References = r.strings()
	r.envelope(&s.Envelope)
	r.part(&s.Root, origin, depth)
	if s.Root.Body.End-s.Root.Header.Start != s.Size {
		r.fail()
	}
}

// flags reads what a message is as a whole, and when it was sent.
func (r *binaryReader) flags(s *Structure) {
	flags := r.uint()
	s.Repeated = flags&flagRepeated != 0
	s.EightBitHeader = flags&flagEightBit != 0
	if flags&flagSent != 0 {
		seconds, minutes := r.int(), r.int()
		if minutes <= -24*60 || minutes >= 24*60 || seconds < -offsetMax || seconds > offsetMax {
			r.fail()
			return
		}
		s.Sent = time.Unix(seconds, 0).In(zoneAt(int(minutes)))
	}
}

// DecodeSent reads nothing but Sent from what AppendBinary wrote, and allocates
// nothing.
func DecodeSent(b []byte) (time.Time, error) {
	if len(b) == 0 || b[0] != binaryVersion {
		return time.Time{}, ErrBinary
	}
	r, s := binaryReader{b: b[1:]}, Structure{}
	r.length()
	if r.flags(&s); r.failed {
		return time.Time{}, ErrBinary
	}
	return s.Sent, nil
}

func (r *binaryReader) envelope(e *Envelope) {
	for _, o := range [...]*Optional{&e.Date, &e.Subject, &e.InReplyTo, &e.MessageID} {
		switch r.uint() {
		case 0:
		case 1:
			*o = Optional{r.string(), true}
		default:
			r.fail()
		}
	}
	e.From = r.addresses(nil)
	for _, list := range [...]*[]Address{&e.Sender, &e.ReplyTo, &e.To, &e.Cc, &e.Bcc} {
		*list = r.addresses(e.From)
	}
}

func (r *binaryReader) addresses(from []Address) []Address {
	n := r.count(1)
	switch n {
	case 0:
		return nil
	case 1:
		return from
	}
	n--
	if n > (len(r.b)-r.pos)/4 {
		r.fail()
		return nil
	}
	list := make([]Address, n)
	for i := range list {
		kind := r.uint()
		if kind > binaryRouted {
			r.fail()
			return nil
		}
		a := Address{Name: r.string(), Mailbox: r.string(), Host: r.string()}
		if kind == binaryRouted {
			a.Route = r.string()
		} else {
			a.Kind = AddressKind(kind)
		}
		list[i] = a
	}
	return list
}

func (r *binaryReader) params() []Param {
	n := r.count(2)
	if n == 0 {
		return nil
	}
	params := make([]Param, n)
	for i := range params {
		params[i] = Param{r.string(), r.string()}
	}
	return params
}

// partOctetsMin is the least that a part takes: flags, four lengths and three
// strings.
const partOctetsMin = 8

func (r *binaryReader) part(p *Part, origin int64, depth int) {
	if depth > depthMax+1 {
		r.fail()
		return
	}
	flags := r.uint()
	p.Header.Start = origin + r.length()
	p.Header.End = p.Header.Start + r.length()
	p.Body.Start = p.Header.End + r.length()
	p.Body.End = p.Body.Start + r.length()
	if p.Body.End > offsetMax {
		r.fail()
		return
	}
	p.Type, p.Subtype, p.Encoding = r.string(), r.string(), r.string()
	if flags&partParams != 0 {
		p.Params = r.params()
	}
	for i, s := range [...]*string{&p.ID, &p.Description, &p.MD5, &p.Location} {
		if flags&(partID<<i) != 0 {
			*s = r.string()
		}
	}
	if flags&partDisposition != 0 {
		p.Disposition, p.DispositionParams = r.string(), r.params()
	}
	if flags&partLanguage != 0 {
		p.Language = r.strings()
	}
	if flags&partLines != 0 {
		p.Lines = r.length()
	}
	r.children(p, flags, depth)
}

// children reads what a part contains, and insists that multiparts have parts
// and embedded messages a message, as Part promises.
func (r *binaryReader) children(p *Part, flags uint64, depth int) {
	if p.IsMultipart() != (flags&partParts != 0) || p.IsMessage() != (flags&partMessage != 0) {
		r.fail()
		return
	}
	if flags&partParts != 0 {
		n := r.count(partOctetsMin)
		if r.parts += n; n == 0 || r.parts > 2*partsMax {
			r.fail()
			return
		}
		p.Parts = make([]Part, n)
		at := p.Body.Start
		for i := 0; i < n && !r.failed; i++ {
			r.part(&p.Parts[i], p.Body.Start, depth+1)
			if p.Parts[i].Header.Start < at || p.Parts[i].Body.End > p.Body.End {
				r.fail()
			}
			at = p.Parts[i].Body.End
		}
	}
	if flags&partMessage != 0 && !r.failed {
		p.Message = new(Structure)
		r.message(p.Message, p.Body.Start, depth+1)
		if root := &p.Message.Root; root.Header.Start != p.Body.Start || root.Body.End != p.Body.End {
			r.fail()
		}
	}
}
