package imapserver

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/convert"
	"github.com/restante/restante/internal/message"
)

// convert converts a part, or finds it converted already, and logs what it cost
// (RFC 5259 §11, §13).
func (c *converting) convert(item *imap.ConvertItem, part *message.Part, from string) (*convert.Result, error) {
	s := c.session
	key := fmt.Sprintf("%v %d %s", s.mailbox.account.ID(), c.at.meta.Email, item.Section.Part.String())
	start := s.now()
	result, err := s.server.converter.Convert(s.context, key, part, c.body, &c.wish)
	elapsed := s.now().Sub(start)
	to, told := c.wish.Target, "OK"
	if refused := new(convert.Error); errors.As(err, &refused) {
		to, told = refused.To, string(refused.Code)
		s.log.Debug("conversion refused", "from", from, "to", to, "error", err.Error())
	} else if err == nil {
		to = result.Type
	}
	s.server.options.Hooks.Converted(convert.Label(from), convert.Label(to), told, elapsed)
	s.log.Debug("converted", "from", from, "to", to, "result", told, "elapsed", elapsed)
	return result, err
}

// write writes an item of a part that was converted.
func (c *converting) write(item *imap.ConvertItem, part *message.Part, result *convert.Result) {
	switch item.Kind {
	case imap.ConvertBinary: // <partial> counts what was converted (RFC 5259 §6)
		c.w.Item(item).LiteralOrBinary(cut(result.Octets, item.Partial))
	case imap.ConvertBinarySize:
		c.w.Item(item).Number(uint64(len(result.Octets)))
	case imap.ConvertStructure:
		converted := convertedPart(part, result)
		writeBody(c.w.Item(item), &converted, c.session.dialect.bodyForm(true))
	}
}

// convertedPart describes a part as it is after its conversion (RFC 5259 §8.2).
func convertedPart(part *message.Part, result *convert.Result) message.Part {
	kind, subtype, _ := strings.Cut(result.Type, "/")
	converted := message.Part{
		Type: kind, Subtype: subtype, Params: result.Params, ID: part.ID, Description: part.Description,
		Disposition: part.Disposition, Language: part.Language,
		Body:     message.Span{End: int64(len(result.Octets))},
		Encoding: encodingOf(result.Octets), Lines: int64(bytes.Count(result.Octets, []byte("\n"))),
	}
	if name := part.Filename(); name != "" && part.Disposition != "" {
		if kind != part.Type || subtype != part.Subtype {
			name = strings.TrimSuffix(name, path.Ext(name)) + extensions[result.Type]
		}
		converted.DispositionParams = []message.Param{{Name: "filename", Value: name}}
	}
	return converted
}

// extensions end the names of files of the types that parts are converted to.
var extensions = map[string]string{
	"text/plain": ".txt", "text/html": ".html", "image/gif": ".gif", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp",
}

// encodingOf says what octets need of their way (RFC 2045 §6.2): lines that are short
// enough, of ASCII or not, or anything.
func encodingOf(octets []byte) string {
	encoding := "7bit"
	for line := range bytes.Lines(octets) {
		text, ends := bytes.CutSuffix(line, []byte("\r\n"))
		const lineMax = 998
		if len(text) > lineMax || bytes.ContainsAny(text, "\x00\r\n") || !ends && len(line) > 0 && line[len(line)-1] == '\n' {
			return "binary"
		}
		for _, c := range text {
			if c >= 0x80 {
				encoding = "8bit"
				break
			}
		}
	}
	return encoding
}

// header answers BODY[….HEADER] and BODY[….MIME].
func (c *converting) header(item *imap.ConvertItem, from string) error {
	text := message.SectionHeader
	if item.Section.Text == imap.SectionMIME {
		text = message.SectionMIME
	}
	span, ok := c.at.structure.Section(item.Section.Part, text)
	if !ok {
		c.refuse(item, c.wish.Missing())
		return nil
	}
	if refused := c.wish.HeaderError(from, span.Len()); refused != nil {
		c.refuse(item, refused)
		return nil
	}
	header := make([]byte, span.Len())
	if n, err := c.body.ReadAt(header, span.Start); n < len(header) {
		return err
	}
	converted, refused := c.wish.Header(from, header)
	if refused != nil {
		c.refuse(item, refused)
		return nil
	}
	c.done++
	c.w.Item(item).Literal(bytes.ReplaceAll(converted, []byte{0}, []byte{0x80}))
	return nil
}
