package index

import (
	"encoding/binary"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// What changes about messages, their position and their flags, is kept in
// blocks: one row for all messages whose UIDs share the upper bits. To read
// the flags of a mailbox or to change those of all its messages is to read or
// write a hundredth as many rows.
//
//	Block   listed, unseen, count of marks, marks by ascending UID
//	mark    octet: UID within the block, listed less its position, flags
//
// listed is the position under which the change index names the block: that
// of its last change, which no mark's position exceeds.

// blockBits is how many bits of a UID tell the messages of one block apart.
// New mail writes its block again, about six octets a message; a change of all
// flags writes each block once.
const blockBits = 7

// Mark is what changes about a message.
type Mark struct {
	UID    imap.UID
	ModSeq imap.ModSeq
	Flags  mail.Flags
}

// Block is the marks of the messages whose UIDs share the upper bits.
type Block struct {
	Listed imap.ModSeq
	Unseen int // how many lack \Seen; kept by whoever changes Marks
	Marks  []Mark
}

// BlockOf returns the block of a UID.
func BlockOf(n imap.UID) uint32 { return uint32(n) >> blockBits }

// FirstOf returns the first UID of a block.
func FirstOf(block uint32) imap.UID { return imap.UID(block) << blockBits }

// AppendBlock appends a block's value.
func AppendBlock(b []byte, block *Block) []byte {
	b = binary.AppendUvarint(b, uint64(block.Listed))
	b = binary.AppendUvarint(b, uint64(block.Unseen))
	b = binary.AppendUvarint(b, uint64(len(block.Marks)))
	for i := range block.Marks {
		mark := &block.Marks[i]
		b = append(b, byte(mark.UID)&(1<<blockBits-1))
		b = binary.AppendUvarint(b, uint64(block.Listed-mark.ModSeq))
		b = mark.Flags.AppendBinary(b)
	}
	return b
}

// Decode reads a block's value. It reuses the memory of Marks.
func (block *Block) Decode(number uint32, value []byte) error {
	d := decoder{rest: value}
	block.Listed = imap.ModSeq(d.uvarint())
	block.Unseen = int(d.uvarint())
	count := d.count()
	block.Marks = block.Marks[:0]
	first := FirstOf(number)
	for range count {
		block.Marks = append(block.Marks, Mark{
			UID:    first | imap.UID(d.octet()),
			ModSeq: block.Listed - imap.ModSeq(d.uvarint()),
			Flags:  d.flags(),
		})
	}
	return d.finish("block of marks")
}

// DecodeFirstUnseen reads which message of a block's value is the first that
// lacks \Seen, no further than to there: 0 if none does.
func DecodeFirstUnseen(number uint32, value []byte) (imap.UID, error) {
	d := decoder{rest: value}
	d.uvarint()
	if unseen := d.uvarint(); unseen == 0 && !d.failed {
		return 0, nil
	}
	for range d.count() {
		n := FirstOf(number) | imap.UID(d.octet())
		d.uvarint()
		if flags := d.flags(); !d.failed && !flags.Has(mail.BitSeen) {
			return n, nil
		}
	}
	return 0, damaged("block of marks") // it counts one that is not there
}

// Find returns where the mark of a UID is, or would be.
func (block *Block) Find(n imap.UID) (int, bool) {
	low, high := 0, len(block.Marks)
	for low < high {
		middle := (low + high) / 2
		switch uid := block.Marks[middle].UID; {
		case uid == n:
			return middle, true
		case uid < n:
			low = middle + 1
		default:
			high = middle
		}
	}
	return low, false
}
