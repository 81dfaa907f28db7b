package imapwire

import (
	"math"

	"github.com/restante/restante/imap"
)

// Number reads a number of 32 bits (RFC 9051 §9, number).
func (d *Decoder) Number() uint32 { return uint32(d.number(math.MaxUint32)) }

// NzNumber reads a number of 32 bits that is not zero (RFC 9051 §9, nz-number).
func (d *Decoder) NzNumber() uint32 { return uint32(d.nzNumber(math.MaxUint32)) }

// Number64 reads a number of 63 bits (RFC 9051 §9, number64).
func (d *Decoder) Number64() uint64 { return d.number(math.MaxInt64) }

// NzNumber64 reads a number of 63 bits that is not zero
// (RFC 9051 §9, nz-number64).
func (d *Decoder) NzNumber64() uint64 { return d.nzNumber(math.MaxInt64) }

// ModSeq reads a mod-sequence-value (RFC 7162 §7).
func (d *Decoder) ModSeq() imap.ModSeq {
	n := d.number(uint64(imap.ModSeqMax))
	if n == 0 {
		d.Fail("a modification sequence must not be zero")
	}
	return imap.ModSeq(n)
}

// ModSeqOrZero reads a mod-sequence-valzer (RFC 7162 §7).
func (d *Decoder) ModSeqOrZero() imap.ModSeq {
	return imap.ModSeq(d.number(uint64(imap.ModSeqMax)))
}

func (d *Decoder) number(largest uint64) uint64 {
	if d.err != nil {
		return 0
	}
	n, start := uint64(0), d.pos
	for d.pos < len(d.text) && isDigit(d.text[d.pos]) {
		digit := uint64(d.text[d.pos] - '0')
		if n > (largest-digit)/10 {
			d.Fail("a number is too large")
			return 0
		}
		n = n*10 + digit
		d.pos++
	}
	if d.pos == start {
		d.Fail("a number is missing")
	}
	return n
}

func (d *Decoder) nzNumber(largest uint64) uint64 {
	if d.peek() == '0' {
		d.Fail("a number must not begin with zero")
		return 0
	}
	return d.number(largest)
}

// Messages reads the sequence-set of a command, in its UID form or not, and
// also "$" (RFC 9051 §9, sequence-set).
func (d *Decoder) Messages(byUID bool) imap.MessageSet {
	messages := imap.MessageSet{ByUID: byUID}
	switch {
	case d.accept('$'):
		messages.Saved = true
	case byUID:
		messages.UIDs = decodeSet[imap.UID](d, true)
	default:
		messages.Seqs = decodeSet[imap.Seq](d, true)
	}
	return messages
}

// SeqSet reads a sequence-set of sequence numbers; "*" is allowed.
func (d *Decoder) SeqSet() imap.SeqSet { return decodeSet[imap.Seq](d, true) }

// UIDSet reads a sequence-set of UIDs; "*" is allowed.
func (d *Decoder) UIDSet() imap.UIDSet { return decodeSet[imap.UID](d, true) }

// decodeSet reads ranges as they stand, in their order. Where dynamic is not
// set, "*" is refused.
func decodeSet[N imap.Number](d *Decoder, dynamic bool) imap.Set[N] {
	var set imap.Set[N]
	for d.err == nil {
		if len(set) >= d.limits.RangesMax {
			d.failLimit("ranges in a sequence set", d.limits.RangesMax)
			break
		}
		start := setNumber[N](d, dynamic)
		stop := start
		if d.accept(':') {
			stop = setNumber[N](d, dynamic)
		}
		set = append(set, imap.Range[N]{Start: start, Stop: stop})
		if !d.accept(',') {
			break
		}
	}
	if d.err != nil {
		return nil
	}
	return set
}

func setNumber[N imap.Number](d *Decoder, dynamic bool) N {
	if dynamic && d.accept('*') {
		return 0
	}
	if !isDigit(d.peek()) {
		d.Fail("a sequence set is missing or broken")
		return 0
	}
	return N(d.NzNumber())
}
