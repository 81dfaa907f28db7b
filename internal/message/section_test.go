package message

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func readGolden(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(messagesDir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The part specifiers of the example in RFC 9051 §6.4.5, each with a piece of
// what it must return, and those that name nothing.
func TestSections(t *testing.T) {
	b := readGolden(t, "made-rfc9051-sections.eml")
	s := ParseBytes(b)
	for _, test := range []struct {
		path []uint32
		text SectionText
		want string // what the section begins with; "-" if there is none
	}{
		{nil, SectionAll, "From: a@"},
		{nil, SectionHeader, "From: a@"},
		{nil, SectionBody, "--one"},
		{nil, SectionMIME, "-"},
		{[]uint32{1}, SectionAll, "1"},
		{[]uint32{1}, SectionMIME, "Content-Type: text/plain"},
		{[]uint32{1}, SectionHeader, "-"},
		{[]uint32{2}, SectionAll, "Mg=="},
		{[]uint32{3}, SectionAll, "From: b@"},
		{[]uint32{3}, SectionHeader, "From: b@"},
		{[]uint32{3}, SectionBody, "--two"},
		{[]uint32{3}, SectionMIME, "Content-Type: message/rfc822"},
		{[]uint32{3, 1}, SectionAll, "3.1"},
		{[]uint32{3, 2}, SectionAll, "3.2"},
		{[]uint32{4}, SectionAll, "--three"},
		{[]uint32{4}, SectionBody, "-"},
		{[]uint32{4, 1}, SectionMIME, "Content-Type: image/gif"},
		{[]uint32{4, 2}, SectionHeader, "From: c@"},
		{[]uint32{4, 2}, SectionBody, "--four"},
		{[]uint32{4, 2, 1}, SectionAll, "4.2.1"},
		{[]uint32{4, 2, 2}, SectionAll, "--five"},
		{[]uint32{4, 2, 2, 1}, SectionAll, "4.2.2.1"},
		{[]uint32{4, 2, 2, 2}, SectionAll, "4.2.2.2"},
		{[]uint32{5}, SectionAll, "-"},
		{[]uint32{0}, SectionAll, "-"},
		{[]uint32{1, 1}, SectionAll, "-"},
		{[]uint32{1 << 31}, SectionAll, "-"},
	} {
		checkSectionText(t, s, b, test.path, test.text, test.want)
	}
}

func checkSectionText(t *testing.T, s *Structure, b []byte, path []uint32, text SectionText, want string) {
	t.Helper()
	span, ok := s.Section(path, text)
	if ok != (want != "-") {
		t.Errorf("section %v %d: found %v", path, text, ok)
	} else if ok && !strings.HasPrefix(string(b[span.Start:span.End]), want) {
		t.Errorf("section %v %d is %q, want %q", path, text, b[span.Start:span.End], want)
	}
}

// A message that is no multipart has a part 1, which is its text; an embedded
// one is numbered from the part that holds it.
func TestSectionsOfPlainAndNestedMessages(t *testing.T) {
	plain := []byte("Subject: plain\r\n\r\nbody\r\n")
	s := ParseBytes(plain)
	checkSectionText(t, s, plain, []uint32{1}, SectionAll, "body")
	checkSectionText(t, s, plain, []uint32{1}, SectionMIME, "Subject: plain")
	checkSectionText(t, s, plain, []uint32{1}, SectionHeader, "-")
	checkSectionText(t, s, plain, []uint32{2}, SectionAll, "-")
	checkSectionText(t, s, plain, []uint32{1, 1}, SectionAll, "-")

	b := readGolden(t, "made-nested-messages.eml")
	s = ParseBytes(b)
	checkSectionText(t, s, b, nil, SectionHeader, "From: outer@")
	checkSectionText(t, s, b, []uint32{1}, SectionAll, "From: middle@")
	checkSectionText(t, s, b, []uint32{1}, SectionHeader, "From: middle@")
	checkSectionText(t, s, b, []uint32{1, 1}, SectionAll, "From: inner@")
	checkSectionText(t, s, b, []uint32{1, 1}, SectionMIME, "Content-Type: message/rfc822")
	checkSectionText(t, s, b, []uint32{1, 1}, SectionBody, "innermost text")
	checkSectionText(t, s, b, []uint32{1, 1, 1}, SectionAll, "innermost text")
	checkSectionText(t, s, b, []uint32{1, 2}, SectionAll, "after it")
}

// HEADER.FIELDS keeps fields as they stand, with the blank line; a header
// without one gets none (RFC 9051 §6.4.5).
func TestFilterHeader(t *testing.T) {
	const header = "Received: a\r\n\tfolded\r\nsubject : one\r\nrubbish\r\nTO: x\r\nSubject: two\r\n\r\n"
	for _, test := range []struct {
		header string
		names  []string
		not    bool
		want   string
	}{
		{header, []string{"SUBJECT"}, false, "subject : one\r\nSubject: two\r\n\r\n"},
		{header, []string{"received", "To"}, false, "Received: a\r\n\tfolded\r\nTO: x\r\n\r\n"},
		{header, []string{"subject"}, true, "Received: a\r\n\tfolded\r\nTO: x\r\n\r\n"},
		{header, []string{"absent"}, false, "\r\n"},
		{"A: b\nC: d\n\n", []string{"c"}, false, "C: d\n\n"},
		{"A: b\r\nC: d", []string{"c"}, false, "C: d"},
		{"A: b\r\nC: d", []string{"x"}, false, ""},
		{"", []string{"x"}, false, ""},
		{"\r\n", []string{"x"}, true, "\r\n"},
	} {
		if got := string(FilterHeader(nil, []byte(test.header), test.names, test.not)); got != test.want {
			t.Errorf("%q %q %v: got %q, want %q", test.header, test.names, test.not, got, test.want)
		}
	}
}
