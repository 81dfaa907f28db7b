package transfer

import (
	"errors"
	"fmt"
	"time"

	"github.com/restante/restante/internal/mail"
)

// Format is how mail lies on a disk.
type Format string

// The formats.
const (
	Maildir Format = "maildir"
	Mbox    Format = "mbox"
)

// ErrFormat is for a format that does not exist.
var ErrFormat = errors.New("format is neither maildir nor mbox")

// ErrNotEmpty is for an export into a directory that holds something.
var ErrNotEmpty = errors.New("directory is not empty")

// Options says what to transfer.
type Options struct {
	Store   mail.Store
	Account mail.AccountID
	Format  Format
	// Dir is the maildir, or the directory of mbox files, or one mbox file
	// to import.
	Dir string
	// Progress, if not nil, is called now and then, from one goroutine.
	Progress func(Progress)
	// Now is the clock; nil is the machine's.
	Now func() time.Time
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	return o
}

// Progress is how far a transfer has come. The totals are known from the
// beginning; Messages counts those that were transferred or passed over.
type Progress struct {
	Folder             string
	Messages           int64
	Octets, OctetTotal int64
}

// Report says what a transfer did.
type Report struct {
	Folders  int
	Messages int64 // transferred by this run
	Octets   int64 // of those
	Already  int64 // had been imported before
	// Problems lists what was passed over, the first of them if there are
	// many; ProblemCount counts all.
	Problems     []Problem
	ProblemCount int64
}

// Problem is something that could not be transferred as it was.
type Problem struct {
	Path   string // of the file, or the name of the mailbox
	Reason string
}

func (p Problem) String() string { return p.Path + ": " + p.Reason }

// problem notes what was passed over.
func (r *Report) problem(path, format string, values ...any) {
	r.ProblemCount++
	if len(r.Problems) < problemsMax {
		r.Problems = append(r.Problems, Problem{path, fmt.Sprintf(format, values...)})
	}
}
