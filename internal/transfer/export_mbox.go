package transfer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// mboxWriter writes one mailbox as an mbox file of the kind mboxrd, whose
// quoting can be undone. UIDs, flags and keywords stand in the fields that
// mail programs use for them.
type mboxWriter struct {
	exporter *exporter
	name     string
	base     string // X-IMAPbase, until the first message has taken it
	file     *os.File
	out      *bufio.Writer
}

func newMboxWriter(e *exporter, box *mail.Mailbox) (writer, error) {
	path := filepath.Join(e.Dir, encodeName(box.Name, string(filepath.Separator))+".mbox")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &mboxWriter{
		exporter: e, name: box.Name, file: file, out: bufio.NewWriterSize(file, copyBuffer),
		base: fmt.Sprintf("X-IMAPbase: %d %010d\n", box.UIDValidity, box.UIDNext-1),
	}, nil
}

func (w *mboxWriter) message(m exported, body mail.StoredBody) error {
	date := time.Unix(m.date.Unix, 0).UTC()
	if _, err := fmt.Fprintf(w.out, "From MAILER-DAEMON %s\n", date.Format(mboxDate)); err != nil {
		return err
	}
	state := w.base + fmt.Sprintf("X-UID: %d\n", m.uid) + stateOf(m.flags)
	var first [1]byte
	if n, _ := body.ReadAt(first[:], 0); n == 1 && (first[0] == ' ' || first[0] == '\t') {
		// What begins like a continuation would be taken for one of ours.
		w.exporter.report.problem(w.name, "message %d begins with a space, and is written without its flags", m.uid)
		state = ""
	}
	if _, err := w.out.WriteString(state); err != nil {
		return err
	}
	w.base = ""
	quoted := &quoteWriter{to: w.out}
	plain := &lfWriter{to: quoted}
	if err := errors.Join(w.exporter.copy(plain, body), plain.flush(), quoted.close()); err != nil {
		return err
	}
	return w.out.WriteByte('\n')
}

// stateOf writes flags as Status, X-Status and X-Keywords.
func stateOf(flags []imap.Flag) string {
	status, marks := "O", ""
	var keywords []string
	for _, flag := range flags {
		switch flag {
		case imap.FlagSeen:
			status = "RO"
		case imap.FlagAnswered:
			marks += "A"
		case imap.FlagFlagged:
			marks += "F"
		case imap.FlagDraft:
			marks += "T"
		case imap.FlagDeleted:
			marks += "D"
		default:
			keywords = append(keywords, string(flag))
		}
	}
	text := "Status: " + status + "\n"
	if marks != "" {
		text += "X-Status: " + marks + "\n"
	}
	if keywords != nil {
		text += "X-Keywords: " + strings.Join(keywords, " ") + "\n"
	}
	return text
}

func (w *mboxWriter) close() error { return errors.Join(w.out.Flush(), w.file.Close()) }

// quoteWriter puts ">" before lines that begin with "From ", whatever number
// of ">" they have already. It holds back the beginning of a line until it is
// known.
type quoteWriter struct {
	to     *bufio.Writer
	start  []byte // of the line, as long as it may need quoting
	inLine bool   // what follows is copied up to the line's end
	any    bool
}

func (w *quoteWriter) Write(p []byte) (int, error) {
	size := len(p)
	for len(p) > 0 {
		w.any = true
		end := bytes.IndexByte(p, '\n') + 1
		if end == 0 {
			end = len(p)
		}
		if err := w.piece(p[:end]); err != nil {
			return 0, err
		}
		p = p[end:]
	}
	return size, nil
}

// piece takes a line or a part of one.
func (w *quoteWriter) piece(p []byte) error {
	ended := p[len(p)-1] == '\n'
	if !w.inLine {
		w.start = append(w.start, p...)
		rest := bytes.TrimLeft(w.start, ">")
		if !ended && len(rest) < len("From ") && strings.HasPrefix("From ", string(rest)) {
			return nil // not known yet
		}
		if bytes.HasPrefix(rest, []byte("From ")) {
			if err := w.to.WriteByte('>'); err != nil {
				return err
			}
		}
		p = w.start
		w.start = w.start[:0]
	}
	w.inLine = !ended
	_, err := w.to.Write(p)
	return err
}

// close ends the last line.
func (w *quoteWriter) close() error {
	if len(w.start) > 0 {
		w.inLine = true
		if _, err := w.to.Write(w.start); err != nil {
			return err
		}
	}
	if w.inLine || !w.any {
		return w.to.WriteByte('\n')
	}
	return nil
}
