package obs

import (
	"fmt"
	"strings"
)

// lineShown is how much of a line a raw log shows.
const lineShown = 2000

// verdict is what a cutter says of a line.
type verdict struct {
	show string // the line as it may be shown; skipped if skip is set
	skip bool
	// fold is how many octets follow that belong to a literal or to a
	// message; they are only counted.
	fold int64
	// secret says that not even their number is shown.
	secret bool
	// clientFold is the same for the client's side: a server's answer lets
	// its literal begin.
	clientFold int64
	// foldLines says that lines follow, up to one with a single dot, that
	// are only counted.
	foldLines bool
}

// cutter knows what in a protocol is a credential or message text. Lines come
// without their line ends, cut off after lineShown octets, and whole is false
// for those that were.
type cutter interface {
	clientLine(line string) verdict
	serverLine(line string) verdict
}

// stream cuts one direction into lines and folded parts, whatever the portions
// in which it arrives.
type stream struct {
	prefix    string
	line      func(string) verdict
	partial   []byte
	dropped   int    // octets of the line beyond those kept
	tail      []byte // its last octets, which may announce a literal
	fold      int64
	folded    int64
	secret    bool
	foldLines bool
	lines     int
}

// tailSize is enough for "~{18446744073709551615+}" and a line end.
const tailSize = 32

func (s *stream) take(p []byte, print func(prefix, line string)) {
	for len(p) > 0 {
		if s.fold > 0 {
			n := min(s.fold, int64(len(p)))
			s.fold, p = s.fold-n, p[n:]
			if s.fold == 0 {
				print(s.prefix, s.foldedText())
			}
			continue
		}
		end := len(p)
		for i, octet := range p {
			if octet == '\n' {
				end = i + 1
				break
			}
		}
		s.gather(p[:end])
		if p[end-1] == '\n' {
			s.endLine(print)
		}
		p = p[end:]
	}
}

// gather keeps the beginning and the end of a line.
func (s *stream) gather(p []byte) {
	n := min(len(p), lineShown-len(s.partial))
	s.partial = append(s.partial, p[:n]...)
	s.dropped += len(p) - n
	if s.dropped > 0 {
		s.tail = append(s.tail, p[n:]...)
		if extra := len(s.tail) - tailSize; extra > 0 {
			s.tail = append(s.tail[:0], s.tail[extra:]...)
		}
	}
}

func (s *stream) endLine(print func(prefix, line string)) {
	text := strings.TrimRight(string(s.partial), "\r\n")
	if s.dropped > 0 {
		text += fmt.Sprintf("[%d octets]", s.dropped) + announcement(strings.TrimRight(string(s.tail), "\r\n"))
	}
	s.partial, s.tail, s.dropped = s.partial[:0], s.tail[:0], 0
	if s.foldLines {
		if text != "." {
			s.lines++
			return
		}
		s.foldLines = false
		print(s.prefix, fmt.Sprintf("[%d lines]", s.lines))
		print(s.prefix, ".")
		return
	}
	v := s.line(text)
	if !v.skip {
		print(s.prefix, printable(v.show))
	}
	s.begin(v.fold, v.secret)
	s.foldLines, s.lines = v.foldLines, 0
	if v.foldLines && v.skip {
		s.lines = 1
	}
}

// announcement is the literal that the end of a line announces, if it does:
// anything else there may be a secret that began before.
func announcement(tail string) string {
	if count, _ := literal(tail); count < 0 {
		return ""
	}
	return tail[strings.LastIndexByte(tail, '{'):]
}

// begin folds octets that follow.
func (s *stream) begin(fold int64, secret bool) { s.fold, s.folded, s.secret = fold, fold, secret }

func (s *stream) foldedText() string {
	if s.secret {
		return cut
	}
	return fmt.Sprintf("[%d octets]", s.folded-s.fold)
}

// end shows what came without a line end, as far as a line like it may be.
func (s *stream) end(print func(prefix, line string)) {
	switch {
	case s.fold > 0:
		print(s.prefix, s.foldedText()+"[cut short]")
	case len(s.partial) > 0 && !s.foldLines:
		if v := s.line(string(s.partial)); !v.skip {
			print(s.prefix, printable(v.show)+"[no line end]")
		}
	}
}

// printable shows control characters as dots: logs are read on terminals.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '.'
		}
		return r
	}, text)
}
