package imapserver

import (
	"strconv"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// The identifiers of RFC 8474 are the store's numbers behind a letter for each
// kind, so that none is taken for a number or for one of another kind (§5.2,
// §8.1). There are no threads: THREADID is NIL, and nobody can find one (§5.2).

// mailboxID returns a mailbox's MAILBOXID. It lasts through renames, and is
// another one when UIDVALIDITY is (§4).
func mailboxID(id mail.MailboxID, uidValidity imap.UIDValidity) imap.ObjectID {
	b := strconv.AppendUint([]byte{'F'}, uint64(id), 16)
	b = strconv.AppendUint(append(b, '-'), uint64(uidValidity), 16)
	return imap.ObjectID(b)
}

// emailID returns a message's EMAILID, which copies share (§5.1).
func emailID(id mail.EmailID) imap.ObjectID {
	return imap.ObjectID(strconv.AppendUint([]byte{'M'}, uint64(id), 16))
}

// emailOf returns the message content that has an EMAILID.
func emailOf(id imap.ObjectID) (mail.EmailID, bool) {
	if len(id) < 2 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(id[1:]), 16, 64)
	return mail.EmailID(n), err == nil && emailID(mail.EmailID(n)) == id
}

// numberOfEmail is emailOf for package query.
func numberOfEmail(id imap.ObjectID) (uint64, bool) {
	email, known := emailOf(id)
	return uint64(email), known
}

func (f *fetching) writeEmailID(item *imap.FetchItem) {
	f.w.Item(item).ObjectID(emailID(f.at.meta.Email))
}

func (f *fetching) writeThreadID(item *imap.FetchItem) { f.w.Item(item).ObjectID("") }
