package imapwire

import (
	"bufio"
	"io"
	"strings"
	"testing"

	"github.com/restante/restante/imap"
)

// contentHandler streams what is the text of a message.
type contentHandler struct{}

func (contentHandler) Admit(a Announcement) (Verdict, error) {
	if a.Content {
		return Stream, nil
	}
	return Buffer, nil
}

func (contentHandler) Continue() error { panic("a response waits for nothing") }

// A client streams the texts of messages in one FETCH response and reads the
// other items as values, wherever they stand.
func TestStreamedFetchResponse(t *testing.T) {
	stream := "* 3 FETCH (UID 9 ENVELOPE (NIL {2}\r\nab NIL NIL NIL NIL NIL NIL NIL NIL)" +
		" BODY[HEADER.FIELDS (x)]<0> {5}\r\nhello FLAGS () RFC822.TEXT {0}\r\n BINARY[1] ~{3}\r\n\x00)\r)\r\n* 4 EXISTS\r\n"
	r := bufio.NewReader(strings.NewReader(stream))
	f := NewResponseFragmenter(contentHandler{}, DefaultLimits())
	frags, err := f.Read(r)
	if err != nil {
		t.Fatal(err)
	}
	response, err := DecodeResponse(NewDecoder(frags, Mode{}, DefaultLimits()))
	if err != nil {
		t.Fatal(err)
	}
	values := response.(imap.FetchResponse).Values
	var kinds, contents []string
	for {
		streamed := false
		for _, value := range values {
			kinds = append(kinds, value.Item.Kind.String())
			streamed = value.Streamed
		}
		if !streamed {
			break
		}
		body, err := f.Open(r)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		contents = append(contents, string(content))
		if frags, err = f.Resume(r); err != nil {
			t.Fatal(err)
		}
		if values, err = DecodeFetchNext(NewDecoder(frags, Mode{}, DefaultLimits())); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(kinds, " "); got != "UID ENVELOPE BODY FLAGS RFC822.TEXT BINARY" {
		t.Error(got)
	}
	if got := strings.Join(contents, "|"); got != "hello||\x00)\r" {
		t.Errorf("%q", got)
	}
	frags, err = f.Read(r)
	if err != nil {
		t.Fatal(err)
	}
	if next, err := DecodeResponse(NewDecoder(frags, Mode{}, DefaultLimits())); next != imap.Response(imap.ExistsResponse{Count: 4}) {
		t.Errorf("%v, %v", next, err)
	}
}
