package query

import (
	"strings"
	"testing"

	"github.com/restante/restante/imap"
)

// rows are 100,000 messages that share one content.
func rows() []*fakeMessage {
	shared := newFake(0, plainMessage+strings.Repeat("The quick brown fox jumps over the lazy dog.\r\n", 60))
	messages := make([]*fakeMessage, 100_000)
	for i := range messages {
		m := *shared
		m.uid, m.flags = imap.UID(i+1), uint64(i)
		m.row.InternalDay = Day(10000 + i%1000)
		messages[i] = &m
	}
	return messages
}

// A search of a large mailbox, per message.
func BenchmarkRun(b *testing.B) {
	messages := rows()
	for _, bench := range []struct {
		name string
		key  Key
	}{
		{"flag", HasFlag{Bit: 1}},
		{"since", InternalDate{Since, 10500}},
		{"flag-and-since-or-size", And{HasFlag{Bit: 1}, Or{InternalDate{Since, 10500}, Larger{1 << 20}}}},
		{"subject", Envelope{Subject, NewPattern("no such word")}},
		{"from", Envelope{From, NewPattern("no such word")}},
		{"header", Header{"X-Trace", NewPattern("no such word")}},
		{"body", Text{Pattern: NewPattern("no such word")}},
		{"text", Text{NewPattern("no such word"), true}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			program := Compile(bench.key)
			for n := 0; n < b.N; n += len(messages) {
				part := messages[:min(len(messages), b.N-n)]
				err := program.Run(b.Context(), source(part), Sink{Found: func(Message) bool { return true }})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
