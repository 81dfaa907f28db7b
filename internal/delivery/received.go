package delivery

import "bytes"

// receivedCounter counts the Received fields of a header that comes in
// portions (RFC 5321 §6.3).
type receivedCounter struct {
	count   int
	octets  int
	matched int // how much of receivedName the line matches; -1: nothing
	line    int // octets of the line so far, without CR
	done    bool
}

// receivedName is compared without regard to case.
const receivedName = "received:"

// write looks at the next portion.
func (c *receivedCounter) write(p []byte) {
	for len(p) > 0 && !c.done {
		if c.matched < 0 {
			end := bytes.IndexByte(p, '\n')
			if end < 0 {
				c.octets += len(p)
				c.done = c.octets > receivedOctetsMax
				return
			}
			c.octets += end + 1
			c.matched, c.line = 0, 0
			p = p[end+1:]
			c.done = c.octets > receivedOctetsMax
			continue
		}
		c.step(p[0])
		p = p[1:]
	}
}

// step looks at one octet near the beginning of a line.
func (c *receivedCounter) step(octet byte) {
	c.octets++
	switch {
	case octet == '\n':
		c.done = c.line == 0 // the empty line ends the header
		c.matched, c.line = 0, 0
	case octet == '\r':
	case octet|0x20 == receivedName[c.matched] || octet == ':' && receivedName[c.matched] == ':':
		c.line++
		c.matched++
		if c.matched == len(receivedName) {
			c.count++
			c.matched = -1
		}
	default:
		c.line++
		c.matched = -1
	}
}
