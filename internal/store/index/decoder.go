package index

import (
	"encoding/binary"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// decoder reads a value. After the first failure everything it reads is zero.
type decoder struct {
	rest   []byte
	failed bool
}

func (d *decoder) fail() {
	d.failed, d.rest = true, nil
}

func (d *decoder) octet() byte {
	if len(d.rest) == 0 {
		d.fail()
		return 0
	}
	octet := d.rest[0]
	d.rest = d.rest[1:]
	return octet
}

func (d *decoder) uvarint() uint64 {
	n, width := binary.Uvarint(d.rest)
	if width <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[width:]
	return n
}

func (d *decoder) varint() int64 {
	n, width := binary.Varint(d.rest)
	if width <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[width:]
	return n
}

// count reads how many elements follow, each of at least one octet.
func (d *decoder) count() int {
	n := d.uvarint()
	if n > uint64(len(d.rest)) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) text() string {
	n := d.count()
	text := string(d.rest[:n])
	d.rest = d.rest[n:]
	return text
}

func (d *decoder) flags() mail.Flags {
	flags, rest, err := mail.DecodeFlags(d.rest)
	if err != nil {
		d.fail()
		return mail.Flags{}
	}
	d.rest = rest
	return flags
}

func (d *decoder) set() imap.UIDSet {
	n := d.count()
	if n == 0 {
		return nil
	}
	set := make(imap.UIDSet, 0, n)
	last := uint64(0)
	for range n {
		start := last + d.uvarint()
		last = start + d.uvarint()
		if start == 0 || last > 1<<32-1 || d.failed {
			d.fail()
			return nil
		}
		set = append(set, imap.Range[imap.UID]{Start: imap.UID(start), Stop: imap.UID(last)})
	}
	return set
}

func (d *decoder) finish(what string) error {
	if d.failed || len(d.rest) > 0 {
		return damaged(what)
	}
	return nil
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}
