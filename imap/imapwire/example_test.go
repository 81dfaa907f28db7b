package imapwire_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
)

// terminal prints what is written to it, with the line ends of a terminal.
type terminal struct{}

func (terminal) Write(p []byte) (int, error) {
	_, err := os.Stdout.Write(bytes.ReplaceAll(p, []byte("\r\n"), []byte("\n")))
	return len(p), err
}

// server is the least a Handler can be: it takes literals of up to 4 KB.
type server struct{ out *imapwire.Encoder }

func (s server) Admit(literal imapwire.Announcement) (imapwire.Verdict, error) {
	if literal.SizeOctets > 4096 {
		return imapwire.Refuse, nil
	}
	return imapwire.Buffer, nil
}

func (s server) Continue() error {
	s.out.Continuation("go on")
	return s.out.Flush()
}

// A server reads commands until the connection ends; a command that is wrong
// does not disturb the next.
func ExampleFragmenter() {
	limits := imapwire.DefaultLimits()
	out := imapwire.NewEncoder(terminal{})
	fragmenter := imapwire.NewFragmenter(server{out}, limits)
	in := bufio.NewReader(strings.NewReader("a1 UID FETCH 7:* (FLAGS\r\n" + "a2 UID FETCH 7:* (FLAGS)\r\n"))
	for {
		command, err := fragmenter.Read(in)
		if err != nil {
			break
		}
		d := imapwire.NewDecoder(command, imapwire.Mode{}, limits)
		tag, name := d.Tag(), d.Command()
		request, err := imapwire.DecodeFetch(d, true)
		if err != nil {
			out.Status(tag, imap.StatusBad, nil, err.Error())
			continue
		}
		out.Status(tag, imap.StatusOK, nil, fmt.Sprintf("%s of %v", name, request.Messages))
	}
	_ = out.Flush()
	// Output:
	// a1 BAD a space or closing parenthesis is missing at octet 23
	// a2 OK UID FETCH of 7:*
}

// A FETCH response is written item by item.
func ExampleEncoder_Fetch() {
	out := imapwire.NewEncoder(terminal{})
	response := out.Fetch(12)
	response.UID(105)
	response.Flags([]imap.Flag{imap.FlagSeen})
	item := imap.FetchItem{Kind: imap.FetchSection, Section: imap.Section{Text: imap.SectionBody}}
	response.Item(&item).Literal([]byte("Hello"))
	response.End()
	_ = out.Flush()
	// Output:
	// * 12 FETCH (UID 105 FLAGS (\Seen) BODY[TEXT] {5}
	// Hello)
}

// A client writes a command and reads what comes back.
func ExampleDecodeResponse() {
	out := imapwire.NewEncoder(terminal{})
	out.BeginCommand("a1", "SEARCH")
	imapwire.EncodeSearch(out, imap.SearchRequest{Key: imap.SearchAnd{Keys: []imap.SearchKey{
		imap.SearchFlag{Flag: imap.FlagSeen, Absent: true},
		imap.SearchText{Place: imap.InFrom, Value: "Smith"},
	}}})
	out.CRLF()
	_ = out.Flush()

	limits := imapwire.DefaultLimits()
	fragments, err := imapwire.ResponseFragmentsOf([]byte("* ESEARCH (TAG \"a1\") ALL 2,10:11\r\n"), limits)
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := imapwire.DecodeResponse(imapwire.NewDecoder(fragments, imapwire.Mode{UTF8: true}, limits))
	if found, ok := response.(imap.ESearchResponse); ok && err == nil {
		fmt.Println(found.Data.All)
	}
	// Output:
	// a1 SEARCH UNSEEN FROM Smith
	// 2,10:11
}

// Mailbox names of IMAP4rev1 are modified UTF-7.
func ExampleDecodeUTF7() {
	name, err := imapwire.DecodeUTF7("~peter/mail/&U,BTFw-")
	fmt.Println(name, err)
	_, err = imapwire.DecodeUTF7("&Jjo!")
	fmt.Println(err)
	// Output:
	// ~peter/mail/台北 <nil>
	// not modified UTF-7
}
