package query

import (
	"io"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

// Tier is what a key must look at, from cheap to dear.
type Tier uint8

// The tiers.
const (
	TierUID       Tier = iota // the UID alone
	TierMarks                 // flags and modification sequence
	TierRow                   // size and dates
	TierStructure             // the cached envelope and structure
	TierHeader                // the octets of the header
	TierText                  // the octets of the whole message
	tierCount
)

// Verdict is what a key says of a message at a tier.
type Verdict uint8

// The verdicts. Unknown means that a dearer tier must be asked; at a key's own
// tier there is no Unknown.
const (
	Unknown Verdict = iota
	No
	Yes
)

func verdictOf(match bool) Verdict {
	if match {
		return Yes
	}
	return No
}

// Key is a node of a search program: one of the types of this package. Keys are
// values, are not changed once built, and may be used by several goroutines.
type Key interface {
	// Tier is the dearest tier that the key may need.
	Tier() Tier
	// Match says whether the message matches, looking at nothing dearer than
	// the tier. An error means that the message could not be read.
	Match(c *Candidate, tier Tier) (Verdict, error)
}

// Message is what a program asks of a message. Methods of one tier are called
// only when that tier is reached, so an implementation can load lazily. They
// are called from one goroutine.
type Message interface {
	UID() imap.UID // TierUID

	// HasFlag reports whether a flag is set, by its number in the mailbox.
	HasFlag(bit uint16) bool // TierMarks
	ModSeq() imap.ModSeq     // TierMarks

	// Row gives what else the mailbox's row says.
	Row() (Row, error) // TierRow
	// Sent returns the time that the Date field names, the zero time where
	// there is none.
	Sent() (time.Time, error) // TierStructure
	// Structure returns the parsed form of the message.
	Structure() (*message.Structure, error) // TierStructure
	// Open returns the octets of the message and their number. They are read
	// before the next message is asked for.
	Open() (io.ReaderAt, int64, error) // TierHeader and TierText
}

// Row is what TierRow knows of a message.
type Row struct {
	Email        ContentID
	Size         int64 // octets
	InternalDay  Day   // of the internal date, in its own zone
	InternalUnix int64 // the internal date in seconds since 1970
	SaveDay      Day   // on which it came into its mailbox, UTC
}

// Candidate is a message under examination, with what was loaded of it. Run
// makes it; keys read it.
type Candidate struct {
	Message
	row       *Row
	rowValue  Row
	structure *message.Structure
	content   io.ReaderAt
	scratch   *scratch
}

// reset turns the candidate to another message.
func (c *Candidate) reset(m Message) {
	*c = Candidate{Message: m, scratch: c.scratch}
}

func (c *Candidate) loadRow() (*Row, error) {
	if c.row == nil {
		row, err := c.Row()
		if err != nil {
			return nil, err
		}
		c.rowValue = row
		c.row = &c.rowValue
	}
	return c.row, nil
}

func (c *Candidate) loadStructure() (*message.Structure, error) {
	if c.structure == nil {
		s, err := c.Structure()
		if err != nil {
			return nil, err
		}
		c.structure = s
	}
	return c.structure, nil
}

func (c *Candidate) loadContent() (io.ReaderAt, error) {
	if c.content == nil {
		r, _, err := c.Open()
		if err != nil {
			return nil, err
		}
		c.content = r
	}
	return c.content, nil
}
