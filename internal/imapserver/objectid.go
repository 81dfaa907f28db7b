package imapserver

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/query"
)

// The identifiers of RFC 8474 stand behind a letter for each kind, so that none is
// taken for a number or for one of another kind (§5.2, §8.1). There are no
// threads: THREADID is NIL, and nobody can find one (§5.2).

// mailboxID returns a mailbox's MAILBOXID. It lasts through renames, and is
// another one when UIDVALIDITY is (§4). Two accounts may have the same numbers:
// that of a mailbox of others begins with the account.
func mailboxID(at place, id mail.MailboxID, uidValidity imap.UIDValidity) imap.ObjectID {
	b := []byte{'F'}
	if !at.isHome() {
		b = append(strconv.AppendUint(b, uint64(at.account.ID()), 16), '_')
	}
	b = strconv.AppendUint(b, uint64(id), 16)
	b = strconv.AppendUint(append(b, '-'), uint64(uidValidity), 16)
	return imap.ObjectID(b)
}

// contentID is what stands for all that never changes of a message.
func contentID(m *mail.Message) (id query.ContentID) {
	date := id[copy(id[:], m.Body.ID[:16]):]
	binary.BigEndian.PutUint64(date, uint64(m.InternalDate.Unix))
	binary.BigEndian.PutUint16(date[8:], uint16(m.InternalDate.ZoneMinutes))
	return id
}

// emailID returns a message's EMAILID: that of its octets and its internal date,
// so that copies share it wherever they go, also into another account, and
// messages that differ in either do not (§5.1, RFC 9051 §2.3.1.1).
func emailID(id query.ContentID) imap.ObjectID {
	return imap.ObjectID(hex.AppendEncode([]byte{'M'}, id[:]))
}

// contentOf returns the content that has an EMAILID.
func contentOf(id imap.ObjectID) (content query.ContentID, known bool) {
	if len(id) != 1+hex.EncodedLen(len(content)) {
		return content, false
	}
	_, err := hex.Decode(content[:], []byte(id[1:]))
	return content, err == nil && emailID(content) == id
}

func (f *fetching) writeEmailID(item *imap.FetchItem) {
	f.w.Item(item).ObjectID(emailID(contentID(&f.at.meta)))
}

func (f *fetching) writeThreadID(item *imap.FetchItem) { f.w.Item(item).ObjectID("") }
