package imapserver

import (
	"fmt"
	"iter"
	"testing"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/query"
)

// scannedState counts how often annotations are read.
type scannedState struct {
	mail.State
	scans int
}

func (s *scannedState) Annotations(mailbox mail.MailboxID, set imap.UIDSet) iter.Seq2[mail.Annotation, error] {
	s.scans++
	return s.State.Annotations(mailbox, set)
}

// The aim: however many keys of a search are about annotations, and wherever they
// stand in it, the annotations are read once.
func TestAnnotationKeysShareAScan(t *testing.T) {
	server := startServer(t, nil)
	c := server.login("u0001")
	for n := range 4 {
		c.append("INBOX", "()", "Subject: a\r\n\r\nb")
		c.ok("SELECT INBOX")
		c.ok(fmt.Sprintf(`STORE %d ANNOTATION (/comment (value.priv "p%d" value.shared "s%d") /altsubject (value.shared "x"))`, n+1, n%2, n/2))
	}
	account, err := server.store.Account(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	about := func(entries, attribute, text string) imap.SearchKey {
		return imap.SearchAnnotation{Entry: entries, Attribute: attribute, Value: []byte(text)}
	}
	key := imap.SearchAnd{Keys: []imap.SearchKey{
		imap.SearchOr{Left: about("/comment", imap.AttributeValuePrivate, "p1"), Right: about("/c*", imap.AttributeValueShared, "s1")},
		imap.SearchNot{Key: about("/comment", imap.AttributeValue, "none")}, about("*", imap.AttributeValue, "X"),
		about("/comment", imap.AttributeValuePrivate, "p1"),
	}}
	s := &session{server: server.Server}
	s.identity.Account = 1
	err = account.Read(t.Context(), func(state mail.State) error {
		inbox, err := state.MailboxNamed(mail.Inbox)
		if err != nil {
			return err
		}
		scanned := &scannedState{State: state}
		r := &annotationReader{session: s, state: scanned, mailbox: inbox, uids: imap.UIDSet{{Start: 1, Stop: 9}}}
		if _, err := s.searchProgram(key, r, query.Collation{}); err != nil {
			return err
		}
		if scanned.scans != 1 {
			t.Errorf("annotations were read %d times", scanned.scans)
		}
		found := r.matching(imap.SearchAnnotation{Entry: "/comment", Attribute: imap.AttributeValuePrivate, Value: []byte("p1")})
		if found.String() != "2,4" || scanned.scans != 1 {
			t.Errorf("found %s, %d scans", found, scanned.scans)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	has(t, c.ok(`SEARCH OR ANNOTATION /comment value.priv "p1" ANNOTATION /c* value.shared "s1" NOT ANNOTATION /comment value "none" ANNOTATION * value "X"`), "* SEARCH 2 3 4")
	has(t, c.ok(`SEARCH ANNOTATION /comment value.priv "p1" ANNOTATION /comment value.shared "s1"`), "* SEARCH 4")
}
