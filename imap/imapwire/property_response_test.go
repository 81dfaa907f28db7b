package imapwire

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/restante/restante/imap"
)

func (g generator) nstring() imap.NString {
	if g.IntN(3) == 0 {
		return imap.NString{}
	}
	return imap.Text(g.text())
}

func (g generator) addresses() []imap.Address {
	var list []imap.Address
	for range g.IntN(3) {
		list = append(list, imap.Address{Name: g.nstring(), Route: g.nstring(), Mailbox: g.nstring(), Host: g.nstring()})
	}
	return list
}

func (g generator) envelope() *imap.Envelope {
	return &imap.Envelope{
		Date: g.nstring(), Subject: g.nstring(), From: g.addresses(), Sender: g.addresses(), ReplyTo: g.addresses(),
		To: g.addresses(), Cc: g.addresses(), Bcc: g.addresses(), InReplyTo: g.nstring(), MessageID: g.nstring(),
	}
}

func (g generator) params() []imap.Param {
	var params []imap.Param
	for range g.IntN(3) {
		params = append(params, imap.Param{Name: g.text(), Value: g.text()})
	}
	return params
}

// body makes a structure of any shape, with extension data or without.
func (g generator) body(depth int, extended bool) *imap.BodyStructure {
	b := &imap.BodyStructure{Subtype: g.text()}
	shape := g.IntN(4)
	if depth == 0 {
		shape = g.IntN(2)
	}
	if shape == 3 {
		b.Type = "multipart"
		for range 1 + g.IntN(3) {
			b.Children = append(b.Children, *g.body(depth-1, extended))
		}
	} else {
		b.Type = []string{"application", "TEXT", "message"}[shape]
		b.Params, b.ID, b.Description, b.Encoding = g.params(), g.nstring(), g.nstring(), "7BIT"
		b.SizeOctets = g.Uint64() >> 1
	}
	switch shape {
	case 1:
		b.Lines = uint64(g.Uint32())
	case 2:
		b.Envelope, b.Message, b.Lines = g.envelope(), g.body(depth-1, extended), 7
	}
	if !extended {
		return b
	}
	if shape == 3 {
		b.Params = g.params()
	} else {
		b.MD5 = g.nstring()
	}
	if g.coin() {
		b.Disposition = &imap.Disposition{Type: g.text(), Params: g.params()}
	}
	for range g.IntN(3) {
		b.Languages = append(b.Languages, g.text())
	}
	b.Location = g.nstring()
	return b
}

// fetchValue makes one item of a FETCH response.
func (g generator) fetchValue(kind imap.FetchKind) imap.FetchValue {
	v := imap.FetchValue{Item: imap.FetchItem{Kind: kind}}
	switch kind {
	case imap.FetchUID, imap.FetchModSeq:
		v.Number = 1 + uint64(g.Uint32()>>1)
	case imap.FetchSize, imap.FetchBinarySize:
		v.Number = g.Uint64() >> 1
	case imap.FetchFlags:
		v.Flags = g.flags()
	case imap.FetchInternalDate:
		v.InternalDate = imap.DateTime{Unix: int64(g.Uint32()), ZoneMinutes: int16(g.IntN(1400) - 700)}
	case imap.FetchSaveDate:
		if v.HasSaveDate = g.coin(); v.HasSaveDate {
			v.InternalDate = imap.DateTime{Unix: int64(g.Uint32())}
		}
	case imap.FetchEmailID, imap.FetchThreadID:
		v.ObjectID = []imap.ObjectID{"M-_9", "NILx", ""}[g.IntN(3)]
	case imap.FetchAnnotations:
		v.Annotations = g.annotations()
	case imap.FetchEnvelope:
		v.Envelope = g.envelope()
	case imap.FetchBody, imap.FetchBodyStructure:
		v.BodyStructure = g.body(3, kind == imap.FetchBodyStructure)
	default:
		if g.IntN(4) > 0 {
			v.Content = []byte(g.text() + []string{"", "\x00\xff"}[g.IntN(2)])
		}
	}
	if kind.HasSection() {
		v.Item.Section = g.section(kind)
		if v.HasOrigin = g.coin() && kind != imap.FetchBinarySize; v.HasOrigin {
			v.Item.Partial.Offset = g.Uint64() >> 1
		}
	}
	return v
}

// Every FETCH response that can be made is read as it was written, in both modes.
func TestFetchResponsesRoundTrip(t *testing.T) {
	const seed = 3501
	t.Logf("seed %d", seed)
	g := generator{rand.New(rand.NewPCG(seed, 0))}
	for range 1500 {
		response := imap.FetchResponse{Seq: imap.Seq(1 + g.Uint32()>>1), Values: []imap.FetchValue{}}
		for kind := range imap.FetchKinds {
			if g.coin() {
				response.Values = append(response.Values, g.fetchValue(kind))
			}
		}
		mode := Mode{UTF8: g.coin()}
		line := writeResponse(response, mode)
		got, err := readResponse(line, mode)
		if err != nil || !reflect.DeepEqual(got, imap.Response(response)) {
			t.Fatalf("%q, %v:\n got %+v\nwant %+v", line, err, got, response)
		}
		if !mode.UTF8 && strings.ContainsRune(withoutLiterals(line), '\u00e9') {
			t.Fatalf("%q has text beyond ASCII outside of literals", line)
		}
	}
}

// withoutLiterals returns the lines of a response alone.
func withoutLiterals(line []byte) string {
	frags, err := ResponseFragmentsOf(line, DefaultLimits())
	if err != nil {
		return ""
	}
	var text strings.Builder
	for _, p := range frags.pieces {
		if p.kind == pieceText {
			text.Write(frags.data[p.start:p.end])
		}
	}
	return text.String()
}

// The other responses, one of each and more of those with parts to leave out.
func TestResponsesRoundTrip(t *testing.T) {
	uids := imap.UIDSet{{Start: 3, Stop: 4}, {Start: 9, Stop: 9}}
	for _, response := range []imap.Response{
		imap.StatusResponse{Tag: "a]b", Status: imap.StatusBad, Text: "text \u00e9"},
		imap.StatusResponse{Tag: "*", Status: imap.StatusPreAuth, Code: imap.CodeCapability{Capabilities: []imap.Capability{"IMAP4rev2", "AUTH=PLAIN"}}, Text: "x"},
		imap.StatusResponse{Tag: "*", Status: imap.StatusNo, Code: imap.CodeBadCharset{Charsets: []string{"UTF-8", "a b"}}, Text: "x"},
		imap.StatusResponse{Tag: "*", Status: imap.StatusOK, Code: imap.CodeModified{Messages: imap.MessagesBySeq(imap.SetOf[imap.Seq](1, 7))}, Text: "x"},
		imap.StatusResponse{Tag: "*", Status: imap.StatusBye, Code: imap.CodeOther{Word: "X-Y", Arguments: "a (b"}, Text: "x"},
		imap.StatusResponse{Tag: "*", Status: imap.StatusNo, Code: imap.CodeReferral{URLs: []string{"imap://a;AUTH=*@b/", "imap://c/d"}}, Text: "x"},
		imap.ContinuationResponse{Text: "YWJj"},
		imap.CapabilityResponse{Capabilities: []imap.Capability{"IMAP4rev1"}},
		imap.EnabledResponse{Capabilities: []imap.Capability{}},
		imap.FlagsResponse{Flags: []imap.Flag{imap.FlagSeen, "NIL"}},
		imap.ListResponse{Data: imap.ListData{Delimiter: '"', Mailbox: "nil", ChildInfo: []string{"SUBSCRIBED"}, OldName: "\u00e9 &"}},
		imap.ListResponse{Lsub: true, Data: imap.ListData{Attrs: []imap.MailboxAttr{imap.AttrNoSelect}, Mailbox: "x"}},
		imap.MailboxStatusResponse{Data: imap.StatusData{Mailbox: "INBOX", Values: []imap.StatusValue{{Item: imap.StatusSize, Number: 1 << 62}, {Item: imap.StatusAppendLimit, Nil: true}}}},
		imap.NamespaceResponse{Data: imap.NamespaceData{Personal: []imap.Namespace{{Delimiter: '/'}, {Prefix: "\u00e9/", Extensions: []imap.NamespaceExtension{{Name: "X", Values: []string{"a", "b"}}}}}}},
		imap.ESearchResponse{Data: imap.SearchData{Tag: "t", ByUID: true, Min: 3, Max: 9, HasCount: true, All: imap.MessagesByUID(uids), ModSeq: 8}},
		imap.StatusResponse{Tag: "*", Status: imap.StatusNo, Code: imap.CodeNoUpdate{Tag: "B02"}, Text: "x"},
		imap.ESearchResponse{Data: imap.SearchData{Tag: "t", ByUID: true, All: imap.MessageSet{ByUID: true}, Updates: []imap.SearchUpdate{
			{Remove: true, Position: 4, Messages: imap.MessagesByUID(uids)}, {Position: 1, Messages: imap.MessagesByUID(uids)}, {Messages: imap.MessagesByUID(uids)}}}},
		imap.ESearchResponse{Data: imap.SearchData{Tag: "t", ByUID: true, Mailbox: "a \u00e9", UIDValidity: 503, All: imap.MessagesByUID(uids)}},
		imap.ESearchResponse{Data: imap.SearchData{Tag: "t", All: imap.MessagesBySeq(imap.SetOf[imap.Seq](1, 5, 10)), Relevancy: []uint8{4, 100, 42}}},
		imap.ESearchResponse{Data: imap.SearchData{Tag: "t", Partial: imap.ResultRange{First: 9, Last: 4}, PartialSet: imap.MessagesBySeq(imap.SetOf[imap.Seq](2, 5))}},
		imap.ESearchResponse{Data: imap.SearchData{Tag: "t", ByUID: true, All: imap.MessageSet{ByUID: true}, Partial: imap.ResultRange{First: 1, Last: 2, FromEnd: true}, PartialSet: imap.MessageSet{ByUID: true}}},
		imap.ComparatorResponse{Active: "-i;octet", Matching: []string{"i;octet", "x y"}}, imap.ComparatorResponse{Active: "i;basic"},
		imap.SortResponse{Numbers: []uint32{9, 3, 12}, ModSeq: 7}, imap.SortResponse{}, imap.ThreadResponse{},
		imap.ThreadResponse{Nodes: []imap.ThreadNode{ // (2)(3 6 (4 23)(44 7 96))((3)(5))
			{Number: 2, Parent: -1}, {Number: 3, Parent: -1}, {Number: 6, Parent: 1}, {Number: 4, Parent: 2}, {Number: 23, Parent: 3},
			{Number: 44, Parent: 2}, {Number: 7, Parent: 5}, {Number: 96, Parent: 6}, {Parent: -1}, {Number: 3, Parent: 8}, {Number: 5, Parent: 8}}},
		imap.SearchResponse{Numbers: []uint32{9, 3}, ModSeq: 4},
		imap.GenURLAuthResponse{URLs: []string{"imap://a@b/c", "NIL", "x y"}},
		imap.URLFetchResponse{Data: []imap.URLFetchData{
			{URL: "a"}, {URL: "b", Text: imap.NString{Text: "x\r\n", Present: true}},
			{URL: "c", Extended: true, Body: &imap.NString{Present: true}}, {URL: "d", Extended: true, Binary: &imap.NString{}},
			{URL: "e", Extended: true, Binary: &imap.NString{Text: "\x00", Present: true}}, {URL: "f"},
		}},
		imap.ExistsResponse{}, imap.RecentResponse{Count: 1}, imap.ExpungeResponse{Seq: 4},
		imap.VanishedResponse{Earlier: true, UIDs: uids},
		imap.ConversionResponse{Conversion: imap.Conversion{From: "image/gif", To: "image/jpeg", Params: []string{"pix-x", "a b"}}},
		imap.ConversionResponse{Conversion: imap.Conversion{From: "text/plain", To: "text/plain"}},
		imap.ConvertedResponse{Number: 2, Tag: "a\"1", Values: []imap.ConvertedValue{
			{Item: imap.ConvertItem{Kind: imap.ConvertUID}, Number: 7},
			{Item: imap.ConvertItem{Kind: imap.ConvertBinary, Section: imap.Section{Part: imap.PartPath{3}}, Partial: imap.Partial{Offset: 9}}, HasOrigin: true, Content: []byte("a\x00")},
			{Item: imap.ConvertItem{Kind: imap.ConvertHeader, Section: imap.Section{Text: imap.SectionHeader}}, Content: []byte{}},
			{Item: imap.ConvertItem{Kind: imap.ConvertBinarySize}, Number: 1 << 40},
			{Item: imap.ConvertItem{Kind: imap.ConvertAvailable}, Types: []string{}},
			{Item: imap.ConvertItem{Kind: imap.ConvertAvailable}, Types: []string{"image/png", "image/webp"}},
			{Item: imap.ConvertItem{Kind: imap.ConvertBinary}, Error: &imap.ConvertError{Text: "later", Code: imap.ConvertTempFail, Minutes: 3}},
			{Item: imap.ConvertItem{Kind: imap.ConvertBinarySize}, Error: &imap.ConvertError{Text: "x", Code: imap.ConvertBadParameters, Conversions: []imap.FailedConversion{
				{To: "text/plain"}, {From: "text/html", To: "text/plain", Params: []imap.Param{{Name: "charset", Value: "us-ascii"}}}}}},
			{Item: imap.ConvertItem{Kind: imap.ConvertStructure}, Error: &imap.ConvertError{Text: "x", Code: imap.ConvertMissingParameters, Conversions: []imap.FailedConversion{
				{From: "text/html", To: "text/plain", Params: []imap.Param{{Name: "charset"}, {Name: "x y"}}}}}},
		}},
		imap.StatusResponse{Tag: "a", Status: imap.StatusNo, Code: imap.CodeMaxConvertMessages{Max: 1}, Text: "x"},
		imap.StatusResponse{Tag: "a", Status: imap.StatusNo, Code: imap.CodeMaxConvertParts{Max: 9}, Text: "x"},
		imap.IDResponse{}, imap.IDResponse{Fields: []imap.IDField{{Name: "name", Value: "x"}, {Name: "y", Nil: true}}},
		imap.OtherResponse{Word: "X-METADATA", Text: `"" (a "b")`},
		imap.OtherResponse{HasNumber: true, Number: 4, Word: "XFETCH", Text: "x"},
		imap.UIDFetchResponse{UID: 4, Values: []imap.FetchValue{{Item: imap.FetchItem{Kind: imap.FetchSize}, Number: 7}}},
	} {
		line := writeResponse(response, Mode{UTF8: true})
		got, err := readResponse(line, Mode{UTF8: true})
		if err != nil || !reflect.DeepEqual(got, response) {
			t.Errorf("%q, %v:\n got %#v\nwant %#v", line, err, got, response)
		}
	}
}
