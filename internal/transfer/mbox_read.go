package transfer

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"os"
	"time"

	"github.com/restante/restante/internal/mail"
)

// mboxFile is one mbox file.
type mboxFile struct {
	path     string
	validity bool // it says UIDVALIDITY, so that X-UID counts
}

// messages yields the messages of the file, one after the other.
func (m *mboxFile) messages(report *Report) iter.Seq[*sourceMessage] {
	return func(yield func(*sourceMessage) bool) {
		file, err := os.Open(m.path)
		if err != nil {
			report.problem(m.path, "%v", err)
			return
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			report.problem(m.path, "%v", err)
			return
		}
		r := &mboxReader{mboxFile: m, lines: newMboxLines(file, info.Size()), seen: map[[sha256.Size]byte]int{}}
		for {
			message, err := r.next()
			if err != nil {
				if err != io.EOF {
					report.problem(m.path, "at octet %d: %v", r.lines.offset, err)
				}
				return
			}
			if message != nil && !yield(message) {
				return
			}
			if err := r.skip(); err != nil {
				report.problem(m.path, "at octet %d: %v", r.lines.offset, err)
				return
			}
		}
	}
}

// mboxReader reads an mbox file once, from its beginning.
type mboxReader struct {
	*mboxFile
	lines *mboxLines
	seen  map[[sha256.Size]byte]int // how often each content came

	separator []byte
	header    mboxHeader
	unread    bool // the body of the message has not been read
}

// errNoSeparator is for a file that does not begin as an mbox does.
var errNoSeparator = errors.New("does not begin with a line \"From \" and a date")

// next reads up to the body of the next message. A nil message stands for
// what is none.
func (r *mboxReader) next() (*sourceMessage, error) {
	for {
		line, err := r.lines.peek()
		if err != nil {
			return nil, err
		}
		if !isBlank(line) || r.lines.offset != 0 {
			break
		}
		r.lines.take()
	}
	if !r.lines.atSeparator() {
		return nil, errNoSeparator
	}
	offset := r.lines.offset
	line, _ := r.lines.peek()
	date, _ := separatorDate(line)
	r.separator = append(r.separator[:0], line...)
	r.lines.take()
	var err error
	if r.header, err = r.lines.readHeader(); err != nil {
		return nil, err
	}
	r.unread = true
	if r.header.internal {
		return nil, nil
	}
	message := &sourceMessage{
		path: fmt.Sprintf("%s at octet %d", r.path, offset),
		date: mail.InstantOf(date), flags: r.header.flags,
	}
	if r.validity {
		message.uid = r.header.uid
	}
	message.write = func(w io.Writer) (string, error) {
		key, err := r.write(w)
		message.octets = r.lines.offset - offset
		return key, err
	}
	return message, nil
}

// skip goes behind a message whose body nobody wanted.
func (r *mboxReader) skip() error {
	if !r.unread {
		return nil
	}
	_, err := r.write(io.Discard)
	return err
}

// write writes the message. Its key is the hash of what it is, separator
// included, and of how many like it came before: an mbox gives no names, and
// what lies before a message may be removed between two runs.
func (r *mboxReader) write(w io.Writer) (string, error) {
	r.unread = false
	sum := sha256.New()
	sum.Write(r.separator)
	out := &bodyWriter{to: &crlfWriter{to: w}, sum: sum}
	length := r.header.length
	if r.header.blank != nil && length >= 0 && !r.lines.separatorAt(r.lines.offset+length) {
		length = -1
	}
	if r.header.length >= 0 && length < 0 {
		// It counts something else, and is the message's own.
		r.header.text = fmt.Appendf(r.header.text, "Content-Length: %d\n", r.header.length)
	}
	out.write(r.header.text)
	out.write(r.header.blank)
	var err error
	if length >= 0 {
		err = r.counted(out, length)
	} else {
		err = r.separated(out)
	}
	if out.err != nil {
		return "", out.err
	}
	if err != nil {
		return "", err
	}
	digest := [sha256.Size]byte(sum.Sum(nil))
	r.seen[digest]++
	return fmt.Sprintf("%x#%d", digest, r.seen[digest]), nil
}

// bodyWriter writes and hashes, and keeps the first error, so that a message
// is read to its end whatever becomes of it.
type bodyWriter struct {
	to  io.Writer
	sum hash.Hash
	err error
}

func (w *bodyWriter) write(p []byte) {
	w.sum.Write(p)
	if w.err == nil && len(p) > 0 {
		_, w.err = w.to.Write(p)
	}
}

// counted writes a body of so many octets, which Content-Length says (mboxcl,
// mboxcl2). Quoting is undone if nothing in it looks like a separator, which
// would show that nothing was quoted.
func (r *mboxReader) counted(out *bodyWriter, length int64) error {
	quoted := !r.holdsSeparator(length)
	for end := r.lines.offset + length; r.lines.offset < end; {
		line, err := r.lines.peek()
		if err != nil {
			return ignoreEOF(err)
		}
		taken := line
		if rest := end - r.lines.offset; int64(len(line)) > rest {
			taken = line[:rest]
		}
		if r.lines.start && quoted {
			taken = unquoted(taken)
		}
		out.write(taken)
		if end-r.lines.offset < int64(len(line)) {
			out.write([]byte{'\n'}) // the count stopped before the line's end
		}
		r.lines.take()
	}
	for {
		line, err := r.lines.peek()
		if err != nil {
			return ignoreEOF(err)
		}
		if !isBlank(line) {
			return nil
		}
		r.lines.take()
	}
}

// holdsSeparator looks for a line that begins with "From " in a body.
func (r *mboxReader) holdsSeparator(length int64) bool {
	body := newMboxLines(io.NewSectionReader(r.lines.file, r.lines.offset, length), length)
	for {
		line, err := body.peek()
		if err != nil {
			return false
		}
		if body.start && len(line) >= 5 && string(line[:5]) == "From " {
			return true
		}
		body.take()
	}
}

// separated writes a body that ends at the next separator. The empty line
// before that belongs to the file.
func (r *mboxReader) separated(out *bodyWriter) error {
	blank := r.header.blank != nil
	var held []byte
	for {
		line, err := r.lines.peek()
		if err != nil {
			return ignoreEOF(err)
		}
		if blank && r.lines.atSeparator() {
			return nil
		}
		out.write(held)
		held = held[:0]
		blank = r.lines.start && isBlank(line)
		switch {
		case blank:
			held = append(held, line...)
		case r.lines.start:
			out.write(unquoted(line))
		default:
			out.write(line)
		}
		r.lines.take()
	}
}

func ignoreEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// mboxDate is the date in a separator that an export writes (RFC 4155).
const mboxDate = time.ANSIC
