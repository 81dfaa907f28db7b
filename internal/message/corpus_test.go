package message

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"testing"

	"github.com/restante/restante/internal/realmail"
)

// Every message of the corpus is described, and its description holds together.
func TestRealMail(t *testing.T) {
	messages := realmail.Deliverable(t)
	octets := 0
	for i, b := range messages {
		checkStructure(t, fmt.Sprintf("message %d", i+1), b)
		octets += len(AppendBinary(nil, ParseBytes(b)))
	}
	t.Logf("%d messages, %d octets of binary structure each", len(messages), octets/len(messages))
}

// checkStructure holds for every message whatever it is: spans lie in order
// inside what encloses them, sections are where the parts are, the decoded size
// is the decoded length, and the binary form comes back the same. Reading
// through a window and reading at once agree.
func checkStructure(t *testing.T, name string, b []byte) {
	t.Helper()
	s := ParseBytes(b)
	windowed, err := Parse(bytes.NewReader(b), int64(len(b)))
	if err != nil || !reflect.DeepEqual(s, windowed) {
		t.Fatalf("%s: the two readers differ (%v)", name, err)
	}
	decoded, err := DecodeBinary(AppendBinary(nil, s))
	if err != nil || !reflect.DeepEqual(s, decoded) {
		t.Fatalf("%s: the binary form does not come back (%v)\n%s\n%s", name, err,
			Describe(s), Describe(decoded))
	}
	if s.Size != int64(len(b)) || s.Root.Header.Start != 0 || s.Root.Body.End != s.Size {
		t.Fatalf("%s: the structure is of %d octets, the message has %d", name, s.Size, len(b))
	}
	checkPart(t, name, &s.Root, Span{0, s.Size})
	s.Walk(func(path []uint32, part *Part) bool {
		if len(path) > 0 {
			checkSection(t, name, s, path, part, b)
		}
		return true
	})
	s.Preview(bytes.NewReader(b))
}

func checkPart(t *testing.T, name string, p *Part, within Span) {
	t.Helper()
	if p.Header.Start < within.Start || p.Header.Start > p.Header.End ||
		p.Header.End > p.Body.Start || p.Body.Start > p.Body.End || p.Body.End > within.End {
		t.Fatalf("%s: header %v body %v within %v", name, p.Header, p.Body, within)
	}
	if p.IsMultipart() != (len(p.Parts) > 0) || p.IsMessage() != (p.Message != nil) {
		t.Fatalf("%s: %s/%s with %d parts", name, p.Type, p.Subtype, len(p.Parts))
	}
	at := p.Body.Start
	for i := range p.Parts {
		checkPart(t, name, &p.Parts[i], Span{at, p.Body.End})
		at = p.Parts[i].Body.End
	}
	if p.Message != nil {
		checkPart(t, name, &p.Message.Root, p.Body)
		if got := (Span{p.Message.Root.Header.Start, p.Message.Root.Body.End}); got != p.Body {
			t.Fatalf("%s: embedded message %v in %v", name, got, p.Body)
		}
	}
}

// checkSection checks what a client that follows BODYSTRUCTURE asks for.
func checkSection(t *testing.T, name string, s *Structure, path []uint32, part *Part, b []byte) {
	t.Helper()
	got, ok := s.Section(path, SectionAll)
	rootOfEmbedded := part.IsMultipart() && s.Part(path) != part
	if !ok || got != part.Body && !rootOfEmbedded {
		t.Fatalf("%s: section %v is %v, the part %v", name, path, got, part.Body)
	}
	size, err := part.DecodedSize(bytes.NewReader(b))
	if errors.Is(err, ErrUnknownEncoding) {
		return
	}
	r, _ := part.OpenDecoded(bytes.NewReader(b))
	octets, readErr := io.ReadAll(r)
	if err != nil || readErr != nil || int64(len(octets)) != size {
		t.Fatalf("%s: section %v decodes to %d octets, size %d (%v, %v)",
			name, path, len(octets), size, err, readErr)
	}
	if part.IsText() {
		if _, err := io.Copy(io.Discard, part.TextReader(bytes.NewReader(b))); err != nil {
			t.Fatalf("%s: text of section %v: %v", name, path, err)
		}
	}
}
