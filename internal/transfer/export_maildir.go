package transfer

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// maildirWriter writes one folder of a Maildir++, with Dovecot's lists, so
// that UIDs and keywords survive.
type maildirWriter struct {
	exporter *exporter
	path     string
	validity imap.UIDValidity
	keywords []imap.Flag // by letter
	list     *bufio.Writer
	file     *os.File
	out      *bufio.Writer
}

func newMaildirWriter(e *exporter, box *mail.Mailbox) (writer, error) {
	w := &maildirWriter{exporter: e, path: e.Dir, validity: box.UIDValidity, out: bufio.NewWriterSize(nil, copyBuffer)}
	if box.Name != mail.Inbox {
		w.path = filepath.Join(e.Dir, "."+encodeName(box.Name, "."))
	}
	for _, part := range []string{"cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(w.path, part), 0o700); err != nil {
			return nil, err
		}
	}
	if box.Name != mail.Inbox {
		// The mark of a folder that is not the account itself.
		if err := os.WriteFile(filepath.Join(w.path, "maildirfolder"), nil, 0o600); err != nil {
			return nil, err
		}
	}
	if err := w.writeKeywords(box); err != nil {
		return nil, err
	}
	file, err := os.Create(filepath.Join(w.path, "dovecot-uidlist"))
	if err != nil {
		return nil, err
	}
	w.file, w.list = file, bufio.NewWriter(file)
	id := sha256.Sum256(fmt.Appendf(nil, "%d/%d/%d", e.Account, box.ID, box.UIDValidity))
	_, err = fmt.Fprintf(w.list, "3 V%d N%d G%x\n", box.UIDValidity, box.UIDNext, id[:16])
	return w, err
}

// writeKeywords gives the mailbox's keywords the letters that there are.
func (w *maildirWriter) writeKeywords(box *mail.Mailbox) error {
	var text []byte
	for _, keyword := range box.Keywords {
		if keyword.Equal(imap.FlagForwarded) {
			continue // it is the letter P
		}
		if len(w.keywords) == 26 {
			w.exporter.report.problem(box.Name, "has more keywords than a maildir can hold; %s and what follows is lost", keyword)
			break
		}
		text = fmt.Appendf(text, "%d %s\n", len(w.keywords), keyword)
		w.keywords = append(w.keywords, keyword)
	}
	if text == nil {
		return nil
	}
	return os.WriteFile(filepath.Join(w.path, "dovecot-keywords"), text, 0o600)
}

// letters returns the flags of a message as a file name has them, in the order
// of ASCII.
func (w *maildirWriter) letters(flags []imap.Flag) string {
	var letters []byte
	for _, flag := range flags {
		for _, known := range maildirFlags {
			if known.flag.Equal(flag) {
				letters = append(letters, known.letter)
			}
		}
		for i, keyword := range w.keywords {
			if keyword.Equal(flag) {
				letters = append(letters, byte('a'+i))
			}
		}
	}
	slices.Sort(letters)
	return string(letters)
}

func (w *maildirWriter) message(m exported, body mail.StoredBody) error {
	base := fmt.Sprintf("%d.V%dU%d.restante", m.date.Unix, w.validity, m.uid)
	path := filepath.Join(w.path, "cur", base+":2,"+w.letters(m.flags))
	var ends lineEnds
	if err := w.exporter.copy(&ends, body); err != nil {
		return w.damaged(m, err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w.out.Reset(file)
	if ends.canonical() {
		plain := &lfWriter{to: w.out}
		err = errors.Join(w.exporter.copy(plain, body), plain.flush())
	} else {
		err = w.exporter.copy(w.out, body)
	}
	if err = errors.Join(err, w.out.Flush(), file.Close()); err != nil {
		return err
	}
	date := time.Unix(m.date.Unix, 0)
	if err := os.Chtimes(path, date, date); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.list, "%d :%s\n", m.uid, base)
	return err
}

// damaged reports a message whose octets cannot be trusted.
func (w *maildirWriter) damaged(m exported, err error) error {
	if errors.Is(err, mail.ErrCorrupt) || errors.Is(err, io.ErrUnexpectedEOF) {
		w.exporter.report.problem(strings.TrimPrefix(w.path, w.exporter.Dir), "message %d cannot be read: %v", m.uid, err)
		return nil
	}
	return err
}

func (w *maildirWriter) close() error { return errors.Join(w.list.Flush(), w.file.Close()) }
