package language

import (
	"bufio"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed texts/*.txt
var files embed.FS

// Catalogue is all languages. It is never changed once it is read, so that any
// number of sessions may use it.
type Catalogue struct {
	languages map[string]*Language
	tags      []string
}

// Language is one language of the catalogue.
type Language struct {
	Tag      string // RFC 5646, such as "de"
	texts    map[string]string
	patterns []pattern
}

// pattern is a text with places for what differs.
type pattern struct{ english, translated []string }

// All returns the catalogue that the program carries.
var All = sync.OnceValue(func() *Catalogue {
	catalogue, err := read(files)
	if err != nil {
		panic(err) // the files are part of the program, and a test reads them
	}
	return catalogue
})

// english is the language in which the code speaks.
const english = "en"

func read(from fs.FS) (*Catalogue, error) {
	c := &Catalogue{languages: map[string]*Language{english: {Tag: english}}}
	names, err := fs.Glob(from, "texts/*.txt")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		l := &Language{Tag: strings.TrimSuffix(path.Base(name), ".txt"), texts: map[string]string{}}
		if err := l.read(from, name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		c.languages[l.Tag] = l
	}
	for tag := range c.languages {
		c.tags = append(c.tags, tag)
	}
	slices.Sort(c.tags)
	return c, nil
}

func (l *Language) read(from fs.FS, name string) error {
	file, err := from.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	said := ""
	scanner := bufio.NewScanner(file)
	for line := 1; scanner.Scan(); line++ {
		text, isTranslation := strings.CutPrefix(scanner.Text(), "\t")
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
		case !isTranslation && said != "":
			return fmt.Errorf("line %d: %q has no translation", line, said)
		case !isTranslation:
			said = text
		case said == "":
			return fmt.Errorf("line %d: a translation of nothing", line)
		default:
			if err := l.add(said, text); err != nil {
				return fmt.Errorf("line %d: %w", line, err)
			}
			said = ""
		}
	}
	if said != "" {
		return fmt.Errorf("the last text, %q, has no translation", said)
	}
	return scanner.Err()
}

// hole stands for what differs from time to time.
const hole = "{}"

func (l *Language) add(said, translated string) error {
	if l.texts[said] != "" {
		return fmt.Errorf("%q is there twice", said)
	}
	if strings.Count(said, hole) != strings.Count(translated, hole) {
		return fmt.Errorf("%q has other places than its translation", said)
	}
	l.texts[said] = translated
	if strings.Contains(said, hole) {
		l.patterns = append(l.patterns, pattern{strings.Split(said, hole), strings.Split(translated, hole)})
		// The one that says most is the one that is meant.
		slices.SortStableFunc(l.patterns, func(a, b pattern) int { return b.weight() - a.weight() })
	}
	return nil
}

func (p pattern) weight() int { return len(strings.Join(p.english, "")) }

// Tags returns the languages by their tags, without "i-default".
func (c *Catalogue) Tags() []string { return c.tags }

// Match returns the language that the first language range with any means, by
// the lookup of RFC 4647 §3.4: what is at the end of a range is left out until
// something matches. nil if no range means any; "*" alone means the first.
func (c *Catalogue) Match(ranges []string) *Language {
	for _, one := range ranges {
		for tag := strings.ToLower(one); tag != ""; tag = shorter(tag) {
			if l := c.languages[strings.TrimSuffix(tag, "-*")]; l != nil {
				return l
			}
		}
		if one == "*" {
			return c.languages[english]
		}
	}
	return nil
}

// shorter leaves the last subtag out, and a single letter that is then last
// (RFC 4647 §3.4).
func shorter(tag string) string {
	at := strings.LastIndexByte(tag, '-')
	if at < 0 {
		return ""
	}
	tag = tag[:at]
	if at := strings.LastIndexByte(tag, '-'); at == len(tag)-2 && at >= 0 {
		tag = tag[:at]
	}
	return tag
}

// Has reports whether a text, with its places as "{}", is in the language.
func (l *Language) Has(text string) bool { return l.Tag == english || l.texts[text] != "" }

// Texts yields every text that the language has, in English.
func (l *Language) Texts() []string {
	var all []string
	for text := range l.texts {
		all = append(all, text)
	}
	slices.Sort(all)
	return all
}

// depthMax is how often a text may be within a text: "more than 5 keys in a
// search" is the deepest there is, and one more is spare.
const depthMax = 3

// Translate returns an English text in this language, itself if it is not in
// the catalogue. What it costs is a look into a map for most texts, and for those
// with places a few passes over the text, however hostile it is: the first
// pattern that fits is taken, without going back.
func (l *Language) Translate(text string) string { return l.translate(text, depthMax) }

func (l *Language) translate(text string, depth int) string {
	if translated := l.texts[text]; translated != "" {
		return translated
	}
	if depth == 0 {
		return text
	}
	for _, p := range l.patterns {
		if pieces, ok := p.match(text); ok {
			return p.fill(pieces, func(piece string) string { return l.translate(piece, depth-1) })
		}
	}
	return text
}

// match finds what stands at the places of a pattern, from left to right.
func (p pattern) match(text string) (pieces []string, ok bool) {
	rest, ok := strings.CutPrefix(text, p.english[0])
	last := len(p.english) - 1
	for i := 1; ok && i < last; i++ {
		at := strings.Index(rest, p.english[i])
		if at < 0 {
			return nil, false
		}
		pieces, rest = append(pieces, rest[:at]), rest[at+len(p.english[i]):]
	}
	if !ok || !strings.HasSuffix(rest, p.english[last]) {
		return nil, false
	}
	return append(pieces, rest[:len(rest)-len(p.english[last])]), true
}

func (p pattern) fill(pieces []string, translate func(string) string) string {
	var b strings.Builder
	for i, part := range p.translated {
		b.WriteString(part)
		if i < len(pieces) {
			b.WriteString(translate(pieces[i]))
		}
	}
	return b.String()
}
