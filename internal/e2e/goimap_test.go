package e2e

import (
	"crypto/tls"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// The aim: a client library that speaks IMAP4rev2 works through a session,
// and sees another client's change while it is idle.
func TestGoIMAP(t *testing.T) {
	server := Start(t, 1)
	server.Deliver(t, "u0001@example.org", letter("first", "one"), letter("second", "two"))
	expunged := make(chan uint32, 10)
	client, err := imapclient.DialTLS(server.Addresses["imaps"], &imapclient.Options{
		TLSConfig:             &tls.Config{InsecureSkipVerify: true},
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Expunge: func(seq uint32) { expunged <- seq }},
	})
	must(t, err)
	defer client.Close()
	must(t, client.Login("u0001", Password).Wait())
	_, err = client.Enable(imap.CapIMAP4rev2, imap.CapUTF8Accept).Wait()
	must(t, err)

	boxes, err := client.List("", "*", &imap.ListOptions{ReturnStatus: &imap.StatusOptions{NumMessages: true, NumUnseen: true}, ReturnSpecialUse: true}).Collect()
	must(t, err)
	if len(boxes) != 6 || boxes[0].Status == nil {
		t.Fatalf("LIST returns %d mailboxes, the first with status %v", len(boxes), boxes[0].Status)
	}
	must(t, client.Create("日本語/été", nil).Wait())
	selected, err := client.Select("INBOX", nil).Wait()
	must(t, err)
	if selected.NumMessages != 2 || selected.UIDNext != 3 {
		t.Fatalf("INBOX has %d messages, UIDNEXT %d", selected.NumMessages, selected.UIDNext)
	}
	found, err := client.UIDSearch(&imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Subject", Value: "second"}}}, &imap.SearchOptions{ReturnAll: true, ReturnCount: true}).Wait()
	must(t, err)
	if found.Count != 1 || found.All.String() != "2" {
		t.Fatalf("the search finds %v", found)
	}
	checkGoIMAPFetch(t, client)
	moved, err := client.Move(imap.UIDSetNum(2), "日本語/été").Wait()
	must(t, err)
	if moved.SourceUIDs == nil || <-expunged != 2 {
		t.Fatalf("MOVE says %v", moved)
	}
	checkGoIMAPIdle(t, client, server, expunged)
	must(t, client.Logout().Wait())
}

func checkGoIMAPFetch(t *testing.T, client *imapclient.Client) {
	t.Helper()
	got, err := client.Fetch(imap.UIDSetNum(1), &imap.FetchOptions{
		Envelope: true, Flags: true, UID: true, RFC822Size: true, InternalDate: true,
		BodyStructure: &imap.FetchItemBodyStructure{Extended: true},
		BodySection:   []*imap.FetchItemBodySection{{Specifier: imap.PartSpecifierText, Peek: true}},
		BinarySection: []*imap.FetchItemBinarySection{{Part: []int{1}, Peek: true}},
	}).Collect()
	must(t, err)
	if len(got) != 1 || got[0].Envelope.Subject != "first" || got[0].Envelope.From[0].Addr() != "ann@example.net" {
		t.Fatalf("FETCH returns %+v", got)
	}
	if text := string(got[0].BodySection[0].Bytes); text != "one\r\n" {
		t.Errorf("BODY[TEXT] is %q", text)
	}
	if text := string(got[0].BinarySection[0].Bytes); text != "one\r\n" {
		t.Errorf("BINARY[1] is %q", text)
	}
	if kind := got[0].BodyStructure.MediaType(); kind != "text/plain" {
		t.Errorf("BODYSTRUCTURE says %s", kind)
	}
}

// checkGoIMAPIdle lets another client delete the message that is left, while
// this one is idle.
func checkGoIMAPIdle(t *testing.T, client *imapclient.Client, server *Server, expunged chan uint32) {
	t.Helper()
	idle, err := client.Idle()
	must(t, err)
	other := dialClient(t, server)
	other.must("SELECT INBOX")
	other.must(`STORE 1 +FLAGS.SILENT (\Deleted)`)
	other.must("EXPUNGE")
	select {
	case seq := <-expunged:
		if seq != 1 {
			t.Errorf("IDLE tells of the removal of %d", seq)
		}
	case <-time.After(startMax):
		t.Error("IDLE does not tell of the removal")
	}
	must(t, idle.Close())
	must(t, idle.Wait())
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
