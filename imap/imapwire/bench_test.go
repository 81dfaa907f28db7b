package imapwire

import (
	"bufio"
	"bytes"
	"io"
	"testing"

	"github.com/restante/restante/imap"
)

// What it costs to read a FETCH from the connection to the request.
func BenchmarkDecodeFetch(b *testing.B) {
	command := []byte("A123 UID FETCH 1:4827,5000:* (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY.PEEK[HEADER.FIELDS (REFERENCES)])\r\n")
	source := bytes.NewReader(command)
	r := bufio.NewReader(source)
	f := NewFragmenter(&boundedHandler{max: 30}, DefaultLimits())
	var d Decoder
	b.ReportAllocs()
	for b.Loop() {
		source.Reset(command)
		r.Reset(source)
		frags, err := f.Read(r)
		if err != nil {
			b.Fatal(err)
		}
		d.Reset(frags, Mode{}, DefaultLimits())
		d.Tag()
		d.Command()
		if _, err := DecodeFetch(&d, true); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkEnvelope() *imap.Envelope {
	address := []imap.Address{{Name: imap.Text("Terry Gray"), Mailbox: imap.Text("gray"), Host: imap.Text("cac.washington.edu")}}
	return &imap.Envelope{
		Date:    imap.Text("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)"),
		Subject: imap.Text("IMAP4rev2 WG mtg summary and minutes"),
		From:    address, Sender: address, ReplyTo: address, To: address, Cc: address,
		MessageID: imap.Text("<B27397-0100000@cac.washington.edu>"),
	}
}

// What it costs to write the FETCH response of a message list.
func BenchmarkEncodeFetchMetadata(b *testing.B) {
	e := NewEncoder(io.Discard)
	envelope := benchmarkEnvelope()
	flags := []imap.Flag{imap.FlagSeen, imap.FlagAnswered, imap.FlagForwarded}
	b.ReportAllocs()
	for b.Loop() {
		w := e.Fetch(12345)
		w.UID(99999)
		w.Flags(flags)
		w.InternalDate(imap.DateTime{Unix: 1_700_000_000, ZoneMinutes: 60})
		w.Size(4286)
		w.Envelope(envelope)
		w.End()
	}
}

// What it costs to write UID and flags, as a resynchronising client asks for them.
func BenchmarkEncodeFetchFlags(b *testing.B) {
	e := NewEncoder(io.Discard)
	flags := []imap.Flag{imap.FlagSeen}
	b.ReportAllocs()
	for b.Loop() {
		w := e.Fetch(12345)
		w.UID(99999)
		w.Flags(flags)
		w.End()
	}
}

// What it costs to write a message of 3 KB.
func BenchmarkEncodeFetchBody(b *testing.B) {
	e := NewEncoder(io.Discard)
	item := &imap.FetchItem{Kind: imap.FetchSection, Peek: true}
	body := bytes.Repeat([]byte("0123456789abcde\n"), 192)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		w := e.Fetch(12345)
		w.UID(99999)
		w.Item(item).Literal(body)
		w.End()
	}
}

// What it costs to read a FETCH response with an envelope.
func BenchmarkDecodeFetchResponse(b *testing.B) {
	var out bytes.Buffer
	e := NewEncoder(&out)
	w := e.Fetch(12)
	w.UID(99)
	w.Flags([]imap.Flag{imap.FlagSeen})
	w.Envelope(benchmarkEnvelope())
	w.End()
	_ = e.Flush()
	frags, err := ResponseFragmentsOf(out.Bytes(), DefaultLimits())
	if err != nil {
		b.Fatal(err)
	}
	var d Decoder
	b.ReportAllocs()
	for b.Loop() {
		d.Reset(frags, Mode{}, DefaultLimits())
		if _, err := DecodeResponse(&d); err != nil {
			b.Fatal(err)
		}
	}
}
