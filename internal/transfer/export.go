package transfer

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// Export writes an account's mail to a directory that is empty or does not
// exist (ErrNotEmpty). Each mailbox is written as it is when its turn comes.
// A message that cannot be read stands in the report. An error means that the
// export is not whole.
func Export(ctx context.Context, options Options) (report Report, err error) {
	options = options.withDefaults()
	if err := makeEmptyDir(options.Dir); err != nil {
		return report, err
	}
	account, err := options.Store.Account(ctx, options.Account)
	if err != nil {
		return report, err
	}
	e := &exporter{Options: options, context: ctx, account: account, report: &report, buffer: make([]byte, copyBuffer)}
	e.bodies = account.Bodies()
	defer e.bodies.Close()
	boxes, subscribed, err := e.list()
	if err != nil {
		return report, err
	}
	for _, box := range boxes {
		if err := e.mailbox(box); err != nil {
			return report, err
		}
		report.Folders++
	}
	return report, e.subscriptions(subscribed)
}

// makeEmptyDir makes a directory, or checks that it holds nothing.
func makeEmptyDir(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return ErrNotEmpty
	}
	return nil
}

// exporter is one run of Export.
type exporter struct {
	Options
	context  context.Context
	account  mail.Account
	bodies   mail.BodyReader
	report   *Report
	progress Progress
	buffer   []byte
}

// writer writes one mailbox in a format.
type writer interface {
	// message writes one message; an error of the disk ends the export.
	message(m exported, body mail.StoredBody) error
	close() error
}

// exported is a message on its way out.
type exported struct {
	uid   imap.UID
	flags []imap.Flag
	date  mail.Instant
	body  mail.BodyRef
	email mail.EmailID
	size  int64
}

func (e *exporter) list() (boxes []*mail.Mailbox, subscribed []string, err error) {
	err = e.account.Read(e.context, func(state mail.State) error {
		boxes, subscribed, e.progress.OctetTotal = nil, nil, 0
		for box, err := range state.Mailboxes("") {
			if err != nil {
				return err
			}
			boxes = append(boxes, box)
			e.progress.OctetTotal += box.Size
		}
		for name, err := range state.Subscriptions() {
			if err != nil {
				return err
			}
			subscribed = append(subscribed, name)
		}
		return nil
	})
	return boxes, subscribed, err
}

// mailbox writes one mailbox.
func (e *exporter) mailbox(box *mail.Mailbox) (err error) {
	e.progress.Folder = box.Name
	var uids mail.UIDs
	err = e.account.Read(e.context, func(state mail.State) (err error) {
		if box, err = state.Mailbox(box.ID); err != nil {
			return err
		}
		uids, err = state.UIDs(box.ID)
		return err
	})
	if errors.Is(err, mail.ErrNoMailbox) {
		return nil // it was deleted meanwhile
	}
	if err != nil {
		return err
	}
	to, err := e.open(box)
	if err != nil {
		return err
	}
	var portion []exported
	for first := 0; first < uids.Len() && err == nil; first += batchMessages {
		last := min(first+batchMessages, uids.Len()) - 1
		span := imap.UIDSet{{Start: uids.At(first), Stop: uids.At(last)}}
		if portion, err = e.portion(box, uids.Within(span), portion[:0]); err == nil {
			err = e.write(to, portion)
		}
	}
	return errors.Join(err, to.close())
}

func (e *exporter) open(box *mail.Mailbox) (writer, error) {
	switch e.Format {
	case Maildir:
		return newMaildirWriter(e, box)
	case Mbox:
		return newMboxWriter(e, box)
	}
	return nil, ErrFormat
}

// portion reads what is known of some messages; those that were removed
// meanwhile are not among them.
func (e *exporter) portion(box *mail.Mailbox, set imap.UIDSet, to []exported) ([]exported, error) {
	err := e.account.Read(e.context, func(state mail.State) error {
		to = to[:0]
		now, err := state.Mailbox(box.ID)
		if err != nil {
			return ignoreMissing(err)
		}
		for m, err := range state.Messages(box.ID, set) {
			if err != nil {
				return err
			}
			to = append(to, exported{m.UID, now.AppendFlags(nil, m.Flags), m.InternalDate, m.Body, m.Email, m.Size})
		}
		return nil
	})
	return to, err
}

func ignoreMissing(err error) error {
	if errors.Is(err, mail.ErrNoMailbox) {
		return nil
	}
	return err
}

func (e *exporter) write(to writer, portion []exported) error {
	for _, m := range portion {
		if err := e.context.Err(); err != nil {
			return err
		}
		body, err := e.bodies.Open(m.body)
		if errors.Is(err, mail.ErrCorrupt) || errors.Is(err, mail.ErrNoMessage) {
			e.report.problem(e.progress.Folder, "message %d cannot be read: %v", m.uid, err)
			continue
		}
		if err == nil {
			err = to.message(m, body)
		}
		if err != nil {
			return err
		}
		e.report.Messages++
		e.report.Octets += m.size
		e.progress.Messages++
		e.progress.Octets += m.size
		e.Progress(e.progress)
	}
	return nil
}

// copy hands a body's octets to w.
func (e *exporter) copy(w io.Writer, body mail.StoredBody) error {
	if whole, err := body.Bytes(); err != nil {
		return err
	} else if whole != nil {
		_, err = w.Write(whole)
		return err
	}
	_, err := io.CopyBuffer(w, struct{ io.Reader }{io.NewSectionReader(body, 0, body.Size())}, e.buffer)
	return err
}

// subscriptions writes the list of subscribed names as Dovecot keeps it.
func (e *exporter) subscriptions(names []string) error {
	var text []byte
	for _, name := range names {
		text = append(text, encodeName(name, ".")...)
		text = append(text, '\n')
	}
	return os.WriteFile(filepath.Join(e.Dir, "subscriptions"), text, 0o600)
}
