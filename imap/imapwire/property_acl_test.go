package imapwire

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/restante/restante/imap"
)

// rights makes letters as responses have them.
func (g generator) rights() string {
	const letters = "lrswipkxteancd09"
	var rights []byte
	for i := range letters {
		if g.coin() {
			rights = append(rights, letters[i])
		}
	}
	return string(rights)
}

// Every response about rights that can be made is read as it was written, in
// both modes: with identifiers and names of any text, with no rights, and with
// rights that are tied (RFC 4314 §3.6, §3.7, §3.8).
func TestACLResponsesRoundTrip(t *testing.T) {
	const seed = 4314
	t.Logf("seed %d", seed)
	g := generator{rand.New(rand.NewPCG(seed, 0))}
	for range 1500 {
		var response imap.Response
		switch g.IntN(3) {
		case 0:
			data := imap.ACLData{Mailbox: g.text()}
			for range g.IntN(4) {
				data.Entries = append(data.Entries, imap.ACLEntry{Identifier: []string{"", "-", "$"}[g.IntN(3)] + g.text(), Rights: g.rights()})
			}
			response = imap.ACLResponse{Data: data}
		case 1:
			data := imap.ListRightsData{Mailbox: g.text(), Identifier: g.text(), Required: g.rights()}
			for range g.IntN(4) {
				data.Optional = append(data.Optional, "x"+g.rights())
			}
			response = imap.ListRightsResponse{Data: data}
		case 2:
			response = imap.MyRightsResponse{Data: imap.MyRightsData{Mailbox: g.text(), Rights: g.rights()}}
		}
		mode := Mode{UTF8: g.coin()}
		line := writeResponse(response, mode)
		got, err := readResponse(line, mode)
		if err != nil || !reflect.DeepEqual(got, response) {
			t.Fatalf("%q, %v:\n got %+v\nwant %+v", line, err, got, response)
		}
	}
}
