package message

import "unsafe"

// MemoryMax returns about how many octets a structure takes in memory, and
// never much less, so that whoever holds many of them knows when to stop.
func (s *Structure) MemoryMax() int {
	e := &s.Envelope
	addresses := len(e.From) + len(e.Sender) + len(e.ReplyTo) + len(e.To) + len(e.Cc) + len(e.Bcc)
	return int(unsafe.Sizeof(*s)) + addresses*int(unsafe.Sizeof(Address{})) + s.Root.memoryMax()
}

// memoryMax counts what a part's fields may have left: at most their own
// octets, as far as they are read, and twice as much for lists of them.
func (p *Part) memoryMax() int {
	octets := int(unsafe.Sizeof(*p)) + 3*int(min(p.Header.Len(), fieldMax))
	for i := range p.Parts {
		octets += p.Parts[i].memoryMax()
	}
	if p.Message != nil {
		octets += p.Message.MemoryMax()
	}
	return octets
}
