package imapwire

import "strconv"

// SyntaxError says that a command or response does not follow the grammar. The
// connection is still in step: the next command can be read.
type SyntaxError struct {
	// Reason is for a human reader, in ASCII, and contains nothing of what
	// was received.
	Reason string
	// Position counts octets from the beginning of the command, without
	// the announcements of literals.
	Position int
}

func (e *SyntaxError) Error() string {
	return e.Reason + " at octet " + strconv.Itoa(e.Position)
}

// LimitError says that a command or response is larger than admitted. As the
// fault of Fragments it concerns that command alone; returned by a Fragmenter
// as an error it ends the connection.
type LimitError struct {
	What string // such as "octets in a command line"
	Max  uint64
}

func (e *LimitError) Error() string {
	return "more than " + strconv.FormatUint(e.Max, 10) + " " + e.What
}
