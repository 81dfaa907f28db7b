package convert

import (
	"strconv"
	"strings"

	"github.com/restante/restante/internal/message"
)

// paramLineMax is where a line of parameters is broken (RFC 5259 §6: less than 78).
const paramLineMax = 77

// params writes the value of a MIME field whose parameters name a charset
// (RFC 2231 §4): their pieces are put together, converted and cut anew, and
// comments stand behind the parameter in which they were. Fields that have no such
// parameter are left alone.
func (w *headerWriter) params(name, value string) (text string, changed bool, err error) {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "content-type", "content-disposition":
	default:
		return "", false, nil
	}
	field, ok := message.ReadParams(strings.TrimRight(value, "\r\n"))
	if !ok {
		return "", false, nil
	}
	var b strings.Builder
	b.WriteString(name + ":" + field.Value)
	for _, p := range field.Params {
		lines, err := w.param(p)
		if err != nil {
			return "", true, err
		}
		for _, line := range lines {
			b.WriteString(";\r\n " + line)
		}
		if p.Comment != "" {
			b.WriteString(fold(&b, p.Comment))
		}
	}
	b.WriteString(value[len(strings.TrimRight(value, "\r\n")):])
	return b.String(), true, nil
}

// fold writes a comment behind a parameter, on a line of its own if it is long.
func fold(b *strings.Builder, comment string) string {
	text := b.String()
	if len(text)-strings.LastIndexByte(text, '\n')+len(comment) > paramLineMax {
		return "\r\n " + comment
	}
	return " " + comment
}

// param returns the lines that a parameter takes, without the semicolons between.
func (w *headerWriter) param(p message.FieldParam) ([]string, error) {
	if !p.Extended {
		return []string{p.Name + "=" + p.Raw}, nil
	}
	head := w.charset + "'" + p.Language + "'"
	var pieces []string // each the octets of one character
	for _, c := range p.Text {
		encoded, err := encodeText(string(c), w.charset, w.replacer())
		if err != nil {
			return nil, err
		}
		pieces = append(pieces, percent(encoded))
	}
	if whole := p.Name + "*=" + head + strings.Join(pieces, ""); len(whole)+2 <= paramLineMax {
		return []string{whole}, nil
	}
	var lines []string
	line := p.Name + "*0*=" + head
	for _, piece := range pieces {
		if len(line)+len(piece)+2 > paramLineMax {
			lines = append(lines, line)
			line = p.Name + "*" + strconv.Itoa(len(lines)) + "*="
		}
		line += piece
	}
	return append(lines, line), nil
}

// percent writes octets as RFC 2231 §7 has them in an extended value.
func percent(octets []byte) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range octets {
		if isAlphanumeric(c) || strings.IndexByte("!#$&+-.^_`{|}~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', hex[c>>4], hex[c&15]})
	}
	return b.String()
}
