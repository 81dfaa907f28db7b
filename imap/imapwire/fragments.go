package imapwire

// Fragments are one command or response, cut into lines and literals. They
// belong to the Fragmenter that read them and are valid until it reads on.
type Fragments struct {
	data   []byte
	pieces []piece
	fault  error
}

// piece is a run of text (a line without its end and without a literal's
// announcement), or the octets of a literal, or a literal yet to be read.
type piece struct {
	kind       pieceKind
	binary     bool // literal8
	start, end int
	sizeOctets uint64
}

type pieceKind uint8

const (
	pieceText pieceKind = iota
	pieceLiteral
	pieceStream // announced, not read
)

// Fault is the error that makes this command void, or nil: a *SyntaxError, a
// *LimitError or what a Handler refused a literal with.
func (f *Fragments) Fault() error { return f.fault }

// Pending reports whether the fragments end in a literal that is still to be
// read, as a stream, or to be abandoned.
func (f *Fragments) Pending() bool {
	last := len(f.pieces) - 1
	return last >= 0 && f.pieces[last].kind == pieceStream
}

// Empty reports whether the command is an empty line.
func (f *Fragments) Empty() bool {
	return len(f.pieces) == 1 && f.pieces[0].start == f.pieces[0].end
}

// Tag returns the tag with which the command begins, or "" if it has none that
// may be repeated to the client (RFC 9051 §9, tag).
func (f *Fragments) Tag() string {
	if len(f.pieces) == 0 {
		return ""
	}
	text := f.data[f.pieces[0].start:f.pieces[0].end]
	n := 0
	for n < len(text) && charClass[text[n]]&charTag != 0 {
		n++
	}
	if n < len(text) && text[n] != ' ' || n > tagOctetsMax {
		return ""
	}
	return string(text[:n])
}

// tagOctetsMax is the longest tag that is repeated in an answer. Clients use
// less than ten octets.
const tagOctetsMax = 1024

// FragmentsOf returns the fragments of a command that is held in memory, with
// its line ends and literals; a test and a log reader have use for it. Text
// after the end of the command is ignored.
func FragmentsOf(command []byte, limits Limits) (*Fragments, error) {
	return readAll(command, limits, false)
}

// ResponseFragmentsOf is FragmentsOf for a response.
func ResponseFragmentsOf(response []byte, limits Limits) (*Fragments, error) {
	return readAll(response, limits, true)
}
