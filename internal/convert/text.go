package convert

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/restante/restante/internal/message"
)

// text converts a text.
func (j *job) text() (*Result, error) {
	octets, err := j.read(textMax)
	if err != nil {
		return nil, err
	}
	source := j.part.Charset()
	if source == "" && j.from == "text/html" {
		source = message.DocumentCharset(octets)
	}
	if source != "" && !message.KnownCharset(source) && !j.replaces {
		return nil, fail("The charset of the part is not known")
	}
	text := message.DecodeCharset(string(octets), source)
	charset := j.charset
	if charset == "" {
		charset = "utf-8"
	}
	result := &Result{Type: j.to}
	replace := j.replacer()
	switch {
	case j.to == "text/html" && j.from == "text/plain":
		text = htmlOf(text, charset, flowOf(j.part))
		if !j.replaces { // every character can be written
			replace = func(c rune) string { return "&#" + strconv.Itoa(int(c)) + ";" }
		}
	case j.to == "text/plain" && j.from == "text/html":
		text, err = readableHTML(j.ctx, text)
		result.Params = []message.Param{{Name: "format", Value: "flowed"}}
	case j.to == "text/plain" && (j.from == "text/enriched" || j.from == "text/richtext"):
		text = plainOfEnriched(text)
	case j.to == j.from:
		text = relabel(j.to, text, charset)
		result.Params = keptParams(j.part.Params)
	}
	if err != nil {
		return nil, err
	}
	result.Octets, err = encodeText(text, charset, replace)
	result.Params = append([]message.Param{{Name: "charset", Value: charset}}, result.Params...)
	return result, err
}

// replacer returns what characters become that the target does not have.
func (o *options) replacer() func(rune) string {
	if !o.replaces {
		return nil
	}
	return func(rune) string { return o.replacement }
}

// keptParams are the parameters that still hold in another charset.
func keptParams(params []message.Param) []message.Param {
	var kept []message.Param
	for _, p := range message.JoinParams(params, false) {
		if p.Name != "charset" && p.Name != "charset*" {
			kept = append(kept, p)
		}
	}
	return kept
}

// labelScan is how far from its beginning a document names its charset.
const labelScan = 4096

// labels find where documents name their own charset, in the last group.
var labels = map[string]*regexp.Regexp{
	"text/html": regexp.MustCompile(`(?is)(<meta\s[^<>]{0,300}?charset\s*=\s*["']?)([a-z0-9_:.+-]+)`),
	"text/xml":  regexp.MustCompile(`(?s)(^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["'])([A-Za-z0-9_.:-]+)`),
	"text/css":  regexp.MustCompile(`(^@charset\s+")([^"\r\n]{1,40})`),
}

// relabel makes a document that names its charset name the one it is written in.
func relabel(mediaType, text, charset string) string {
	label, ok := labels[mediaType]
	if !ok {
		return text
	}
	head := text[:min(len(text), labelScan)]
	at := label.FindStringSubmatchIndex(head)
	if at == nil || strings.EqualFold(head[at[4]:at[5]], charset) {
		return text
	}
	return text[:at[4]] + charset + text[at[5]:]
}
