package transfer

import (
	"io"
	"iter"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// source is mail on a disk, as an import reads it.
type source struct {
	folders    []*folder
	octets     int64
	subscribed []string // names of mailboxes
	hasList    bool     // whether there was a list of subscriptions at all
}

// folder is one mailbox of a source.
type folder struct {
	name     string // of the mailbox it becomes
	path     string
	validity imap.UIDValidity // 0 if the source has none
	next     imap.UID         // UIDNEXT, 0 if unknown
	// messages yields the messages, by ascending UID as far as they have
	// any. A message is valid until the next is yielded.
	messages func(*Report) iter.Seq[*sourceMessage]
}

// sourceMessage is one message of a folder.
type sourceMessage struct {
	path string // for problems
	// key names the message among those of its folder for ever, if that is
	// known before it is read.
	key    string
	uid    imap.UID // 0 if the source has none
	date   mail.Instant
	flags  []imap.Flag
	octets int64 // of the source, for progress
	// write writes the message with the line ends of the store, and returns
	// its key. An error of w is returned as it is.
	write func(w io.Writer) (key string, err error)
}

func openSource(format Format, dir string, report *Report) (*source, error) {
	switch format {
	case Maildir:
		return openMaildir(dir, report)
	case Mbox:
		return openMbox(dir, report)
	}
	return nil, ErrFormat
}
