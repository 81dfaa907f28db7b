package query

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Text is compared in folded form: decomposed and without case, as the
// comparator i;unicode-casemap does (RFC 5051 §2), and with every run of white
// space and control characters as one space, so that neither folding of
// headers nor line breaks in paragraphs hide a phrase. Folding is done by
// character, so that a stream can be folded in pieces.

// Pattern is a string to look for, in folded form.
type Pattern struct {
	folded     []byte
	comparator Comparator
}

// NewPattern returns the pattern for a string in UTF-8.
func NewPattern(text string) Pattern { return NewPatternIn(UnicodeCasemap, text) }

// NewPatternIn is NewPattern for a comparator that finds substrings: of the
// others than i;unicode-casemap, each octet counts.
func NewPatternIn(comparator Comparator, text string) Pattern {
	f := folder{comparator: comparator}
	return Pattern{f.fold(nil, []byte(text), true), comparator}
}

// Empty reports whether the pattern matches every text.
func (p Pattern) Empty() bool { return len(p.folded) == 0 }

// folder folds a text that comes in pieces.
type folder struct {
	comparator Comparator
	inSpace    bool
	held       [utf8.UTFMax]byte // the beginning of a character whose rest has not come
	heldLen    int
}

// fold appends the folded form of a piece of text. final says that it is the
// last one.
func (f *folder) fold(dst, src []byte, final bool) []byte {
	if f.comparator != UnicodeCasemap {
		return f.comparator.appendKey(dst, string(src))
	}
	if f.heldLen > 0 {
		dst, src = f.completeHeld(dst, src, final)
	}
	for i := 0; i < len(src); {
		c := src[i]
		if c < utf8.RuneSelf {
			i++
			if c <= ' ' || c == 127 {
				dst = f.space(dst)
				continue
			}
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			dst, f.inSpace = append(dst, c), false
			continue
		}
		if !final && !utf8.FullRune(src[i:]) {
			f.heldLen = copy(f.held[:], src[i:])
			return dst
		}
		r, size := utf8.DecodeRune(src[i:])
		dst = f.rune(dst, r, src[i:i+size])
		i += size
	}
	return dst
}

// completeHeld folds the octets that the last piece ended with, and as many of
// this piece as belong to them. It returns the rest of the piece.
func (f *folder) completeHeld(dst, src []byte, final bool) (folded, rest []byte) {
	var joined [2 * utf8.UTFMax]byte
	held := copy(joined[:], f.held[:f.heldLen])
	text := joined[:held+copy(joined[held:], src[:min(len(src), utf8.UTFMax)])]
	f.heldLen = 0
	i := 0
	for i < held {
		if !final && !utf8.FullRune(text[i:]) {
			f.heldLen = copy(f.held[:], text[i:])
			return dst, nil
		}
		r, size := utf8.DecodeRune(text[i:]) // no ASCII: that is never held
		dst = f.rune(dst, r, text[i:i+size])
		i += size
	}
	return dst, src[i-held:]
}

// space appends one space for a run of them.
func (f *folder) space(dst []byte) []byte {
	if f.inSpace {
		return dst
	}
	f.inSpace = true
	return append(dst, ' ')
}

// rune appends a character above 127.
func (f *folder) rune(dst []byte, r rune, encoded []byte) []byte {
	if r == '\u00ad' || r == '\u200b' || r == '\ufeff' { // unseen: soft hyphen, zero-width space
		return dst
	}
	if unicode.IsSpace(r) {
		return f.space(dst)
	}
	f.inSpace = false
	if r == utf8.RuneError {
		return utf8.AppendRune(dst, r)
	}
	parts := norm.NFKD.Properties(encoded).Decomposition()
	if parts == nil {
		return appendCaseless(dst, r)
	}
	for len(parts) > 0 {
		r, size := utf8.DecodeRune(parts)
		dst = appendCaseless(dst, r)
		parts = parts[size:]
	}
	return dst
}

func appendCaseless(dst []byte, r rune) []byte {
	return utf8.AppendRune(dst, unicode.ToLower(unicode.ToUpper(r)))
}
