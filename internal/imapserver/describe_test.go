package imapserver

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/message"
	"github.com/restante/restante/internal/realmail"
)

// everything lets the codec read whatever the server sends.
type everything struct{}

func (everything) Admit(imapwire.Announcement) (imapwire.Verdict, error) { return imapwire.Buffer, nil }
func (everything) Continue() error                                       { return nil }

// responses sends a command and reads its answer with the codec; a response
// that is not grammatical fails the test.
func (c *testClient) responses(fragmenter *imapwire.Fragmenter, mode imapwire.Mode, command string) ([]imap.Response, imap.StatusResponse) {
	c.t.Helper()
	c.tags++
	tag := fmt.Sprintf("a%d", c.tags)
	c.send(tag + " " + command + "\r\n")
	limits := imapwire.DefaultLimits()
	var all []imap.Response
	for {
		fragments, err := fragmenter.Read(c.r)
		if err != nil {
			c.t.Fatalf("%s: %v", command, err)
		}
		response, err := imapwire.DecodeResponse(imapwire.NewDecoder(fragments, mode, limits))
		if err != nil {
			c.t.Fatalf("%s: %v", command, err)
		}
		if status, ok := response.(imap.StatusResponse); ok && status.Tag == tag {
			return all, status
		}
		all = append(all, response)
	}
}

// leaves returns the part numbers of a body structure's leaves.
func leaves(body *imap.BodyStructure, prefix string) map[string]uint64 {
	found := map[string]uint64{}
	if len(body.Children) == 0 {
		if prefix == "" {
			prefix = "1"
		}
		found[prefix] = body.SizeOctets
	}
	for i := range body.Children {
		at := fmt.Sprint(i + 1)
		if prefix != "" {
			at = prefix + "." + at
		}
		for path, size := range leaves(&body.Children[i], at) {
			found[path] = size
		}
	}
	return found
}

// checkMessage fetches one message in every way and compares what is said
// with what is sent.
func (c *testClient) checkMessage(fragmenter *imapwire.Fragmenter, mode imapwire.Mode, number int, octets []byte) {
	c.t.Helper()
	all, status := c.responses(fragmenter, mode, fmt.Sprintf("FETCH %d (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY BODYSTRUCTURE BODY.PEEK[] BODY.PEEK[HEADER] BODY.PEEK[TEXT])", number))
	if status.Status != imap.StatusOK || len(all) != 1 {
		c.t.Fatalf("message %d: %v, %d responses", number, status, len(all))
	}
	var whole, halves []byte
	var structure *imap.BodyStructure
	for _, value := range all[0].(imap.FetchResponse).Values {
		switch value.Item.Kind {
		case imap.FetchBodyStructure:
			structure = value.BodyStructure
		case imap.FetchSize:
			if value.Number != uint64(len(octets)) {
				c.t.Errorf("message %d: RFC822.SIZE is %d, not %d", number, value.Number, len(octets))
			}
		case imap.FetchSection:
			if value.Item.Section.Text == imap.SectionWhole {
				whole = value.Content
			} else {
				halves = append(halves, value.Content...)
			}
		}
	}
	want := bytes.ReplaceAll(octets, []byte{0}, []byte{0x80})
	if !bytes.Equal(whole, want) || !bytes.Equal(halves, want) {
		c.t.Fatalf("message %d: the octets differ", number)
	}
	for path, size := range leaves(structure, "") {
		c.checkPart(fragmenter, mode, number, path, size)
	}
}

func (c *testClient) checkPart(fragmenter *imapwire.Fragmenter, mode imapwire.Mode, number int, path string, size uint64) {
	c.t.Helper()
	all, status := c.responses(fragmenter, mode, fmt.Sprintf("FETCH %d (BODY.PEEK[%s] BINARY.SIZE[%s] BINARY.PEEK[%s])", number, path, path, path))
	if code := status.Code; code != nil && code.Name() == "UNKNOWN-CTE" {
		return
	}
	var decoded uint64
	for _, value := range all[0].(imap.FetchResponse).Values {
		switch value.Item.Kind {
		case imap.FetchSection:
			if uint64(len(value.Content)) != size {
				c.t.Errorf("message %d part %s has %d octets, BODYSTRUCTURE says %d", number, path, len(value.Content), size)
			}
		case imap.FetchBinarySize:
			decoded = value.Number
		case imap.FetchBinary:
			if uint64(len(value.Content)) != decoded {
				c.t.Errorf("message %d part %s has %d octets decoded, BINARY.SIZE says %d", number, path, len(value.Content), decoded)
			}
		}
	}
}

// textual returns a message with its binary parts in base64; nil if one of them
// cannot be.
func textual(t testing.TB, octets []byte) []byte {
	structure := message.ParseBytes(octets)
	parts, err := message.BinaryParts(structure, bytes.NewReader(octets))
	if errors.Is(err, message.ErrNotTextual) {
		return nil
	}
	var text bytes.Buffer
	if err := errors.Join(err, message.WriteTextual(&text, structure, bytes.NewReader(octets), parts)); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// checkAll appends messages and checks each in rev1 and in rev2.
func checkAll(t *testing.T, messages [][]byte) {
	server := startServer(t, takeAnyHeader)
	c := server.login("u0001")
	var kept [][]byte
	for _, octets := range messages {
		command := fmt.Sprintf("APPEND INBOX ~{%d+}\r\n%s", len(octets), octets)
		text := textual(t, octets)
		if text == nil {
			c.status(command, "NO [UNKNOWN-CTE]")
			continue
		}
		c.ok(command)
		kept = append(kept, text)
	}
	for _, mode := range []imapwire.Mode{{}, {UTF8: true}} {
		c := server.login("u0001")
		if mode.UTF8 {
			c.ok("ENABLE IMAP4rev2")
		}
		c.ok("SELECT INBOX")
		limits := imapwire.DefaultLimits()
		limits.BufferedOctetsMax, limits.LineOctetsMax = 1<<30, 1<<30
		fragmenter := imapwire.NewResponseFragmenter(everything{}, limits)
		for i, octets := range kept {
			c.checkMessage(fragmenter, mode, i+1, octets)
		}
	}
}

// The aim: whatever a message is made of, every answer about it is grammatical
// and its sizes are true.
func TestStrangeMessagesAreDescribed(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	scraps := []string{
		"From: ", "To: a@b, ", "group: x@y, z;", "Subject: ", "=?utf-8?q?=C3=A9?=", "caf\xe9", "écoute", "\x00", "\"quo\\\"ted\" <a@b>", "Date: yesterday", "Message-ID: <", "\r\n", "\r\n\r\n", "\n", "\n\n",
		"Content-Type: multipart/mixed; boundary=b", "Content-Type: text/plain; charset=\"a\\\"b\"; name*0*=utf-8''%41", "Content-Type: message/rfc822", "Content-Type: multipart/digest; boundary=\"b\"", "--b\r\n", "--b--\r\n",
		"Content-Transfer-Encoding: base64\r\n", "Content-Transfer-Encoding: quoted-printable\r\n", "Content-Transfer-Encoding: x-strange\r\n", "Content-Disposition: attachment; filename=\"\r\n\t x\"", "Content-Language: en, (comment) fr", "Content-ID: ", "Content-MD5: ",
		"SGVsbG8sIHdvcmxk\r\n", "=41=\r\n=ZZ", "word ", strings.Repeat("long ", 300), "(", ")", "{3}", "\\", "NIL", " ", ";", ",", ":",
	}
	var messages [][]byte
	for range 150 {
		var text bytes.Buffer
		text.WriteByte('X')
		for range random.IntN(40) {
			text.WriteString(scraps[random.IntN(len(scraps))])
		}
		messages = append(messages, text.Bytes())
	}
	checkAll(t, messages)
}

// The aim: the same of messages that people and their programs have made.
// Each sixth will do here: the whole corpus goes through the real binary elsewhere.
func TestRealMessagesAreDescribed(t *testing.T) {
	var some [][]byte
	for i, octets := range realmail.Messages(t) {
		if i%6 == 0 {
			some = append(some, octets)
		}
	}
	checkAll(t, some)
}
