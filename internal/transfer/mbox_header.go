package transfer

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/restante/restante/imap"
)

// mboxHeader is the header of an mbox message, and what mail programs have
// written into it about the message's state.
type mboxHeader struct {
	text     []byte // without the fields that hold state
	blank    []byte // the line that ends it; nil if none does
	flags    []imap.Flag
	uid      imap.UID
	length   int64 // of Content-Length; -1 if there is none
	validity imap.UIDValidity
	last     imap.UID // the largest UID ever given
	internal bool     // not a message, but what a program keeps in the file
}

// stateFields are the fields that are state and no part of the message, and
// what each says. mbox has no other place for it.
var stateFields = map[string]func(*mboxHeader, string){
	"status": func(h *mboxHeader, value string) {
		h.flag(value, "R", imap.FlagSeen)
	},
	"x-status": func(h *mboxHeader, value string) {
		h.flag(value, "A", imap.FlagAnswered)
		h.flag(value, "F", imap.FlagFlagged)
		h.flag(value, "D", imap.FlagDeleted)
		h.flag(value, "T", imap.FlagDraft)
	},
	"x-keywords":     (*mboxHeader).keywords,
	"x-mozilla-keys": (*mboxHeader).keywords,
	"x-uid":          (*mboxHeader).setUID,
	"x-imapbase":     (*mboxHeader).base,
	"x-imap":         (*mboxHeader).base,
	"content-length": (*mboxHeader).setLength,
	"x-mozilla-status": func(h *mboxHeader, value string) {
		bits, err := strconv.ParseUint(value, 16, 16)
		if err != nil {
			return
		}
		for i, flag := range []imap.Flag{imap.FlagSeen, imap.FlagAnswered, imap.FlagFlagged, imap.FlagDeleted} {
			if bits>>i&1 != 0 {
				h.flags = append(h.flags, flag)
			}
		}
	},
	"x-mozilla-status2": func(*mboxHeader, string) {},
}

func (h *mboxHeader) flag(value, letter string, flag imap.Flag) {
	if strings.Contains(value, letter) {
		h.flags = append(h.flags, flag)
	}
}

func (h *mboxHeader) keywords(value string) {
	for word := range strings.FieldsSeq(value) {
		if isKeyword(word) {
			h.flags = append(h.flags, imap.Flag(word))
		}
	}
}

func (h *mboxHeader) setUID(value string) {
	if uid, err := strconv.ParseUint(value, 10, 32); err == nil {
		h.uid = imap.UID(uid)
	}
}

func (h *mboxHeader) setLength(value string) {
	if length, err := strconv.ParseInt(value, 10, 64); err == nil && length >= 0 {
		h.length = length
	}
}

// base reads "UIDVALIDITY last-UID [keywords]".
func (h *mboxHeader) base(value string) {
	fields := strings.Fields(value)
	if len(fields) < 2 {
		return
	}
	validity, err := strconv.ParseUint(fields[0], 10, 32)
	last, err2 := strconv.ParseUint(fields[1], 10, 32)
	if err == nil && err2 == nil {
		h.validity, h.last = imap.UIDValidity(validity), imap.UID(last)
	}
}

// readHeader reads the header of the message whose separator was taken. What
// is longer than headerMax is left to the body.
func (l *mboxLines) readHeader() (h mboxHeader, err error) {
	h.length = -1
	var field []byte
	end := func() {
		if len(field) > 0 {
			h.add(field)
		}
		field = field[:0]
	}
	size := 0
	for size < headerMax {
		line, err := l.peek()
		if err != nil || l.start && isBlank(line) || l.atSeparator() {
			end()
			if err == nil && isBlank(line) {
				h.blank = bytes.Clone(line)
				l.take()
			}
			return h, ignoreEOF(err)
		}
		if l.start && line[0] != ' ' && line[0] != '\t' {
			end()
		}
		if l.start {
			line = unquoted(line)
		}
		field = append(field, line...)
		size += len(line)
		l.take()
	}
	end()
	return h, nil
}

// add takes one field, with its continuation lines.
func (h *mboxHeader) add(field []byte) {
	name, value, found := bytes.Cut(field, []byte{':'})
	read := stateFields[strings.ToLower(string(bytes.TrimSpace(name)))]
	if found && string(bytes.ToLower(name)) == "subject" && bytes.Contains(value, []byte("FOLDER INTERNAL DATA")) {
		h.internal = true
	}
	if !found || read == nil {
		h.text = append(h.text, field...)
		return
	}
	read(h, strings.TrimSpace(string(value)))
}
