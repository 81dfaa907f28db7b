package message

import (
	"fmt"
	"strings"
	"time"
)

// Describe writes a structure as indented lines for people: what a dump shows
// and what golden files compare.
func Describe(s *Structure) string {
	if s == nil {
		return "none\n"
	}
	var d describer
	d.message(s, "", nil)
	return d.b.String()
}

type describer struct{ b strings.Builder }

func (d *describer) line(indent, format string, args ...any) {
	d.b.WriteString(indent)
	fmt.Fprintf(&d.b, format, args...)
	d.b.WriteByte('\n')
}

func (d *describer) message(s *Structure, indent string, path []uint32) {
	d.line(indent, "message %d octets%s%s", s.Size,
		flagText(s.Repeated, " repeated"), flagText(s.EightBitHeader, " eightbit"))
	d.envelope(&s.Envelope, indent+"  ")
	if !s.Sent.IsZero() {
		d.line(indent, "  sent %s", s.Sent.Format(time.RFC3339))
	}
	if len(s.References) > 0 {
		d.line(indent, "  references %q", s.References)
	}
	if !s.Root.IsMultipart() {
		path = append(path, 1)
	}
	d.part(&s.Root, indent+"  ", path)
}

func flagText(set bool, text string) string {
	if set {
		return text
	}
	return ""
}

func (d *describer) envelope(e *Envelope, indent string) {
	for _, o := range [...]struct {
		name  string
		value Optional
	}{
		{"date", e.Date}, {"subject", e.Subject},
		{"in-reply-to", e.InReplyTo}, {"message-id", e.MessageID},
	} {
		if o.value.Present {
			d.line(indent, "%s %q", o.name, o.value.Text)
		}
	}
	for _, l := range [...]struct {
		name string
		list []Address
	}{
		{"from", e.From}, {"sender", e.Sender}, {"reply-to", e.ReplyTo},
		{"to", e.To}, {"cc", e.Cc}, {"bcc", e.Bcc},
	} {
		for _, a := range l.list {
			switch a.Kind {
			case AddressGroupStart:
				d.line(indent, "%s group %q", l.name, a.Mailbox)
			case AddressGroupEnd:
				d.line(indent, "%s end", l.name)
			default:
				d.line(indent, "%s %q %q %q%s", l.name, a.Name, a.Mailbox, a.Host, routeText(a.Route))
			}
		}
	}
}

func routeText(route string) string {
	if route == "" {
		return ""
	}
	return fmt.Sprintf(" by %q", route)
}

func (d *describer) part(p *Part, indent string, path []uint32) {
	d.line(indent, "part %s %s/%s %s header %d-%d body %d-%d lines %d", describePath(path),
		p.Type, p.Subtype, p.Encoding, p.Header.Start, p.Header.End, p.Body.Start, p.Body.End, p.Lines)
	inner := indent + "  "
	for _, param := range p.Params {
		d.line(inner, "param %q %q", param.Name, param.Value)
	}
	for _, f := range [...]struct{ name, value string }{
		{"id", p.ID}, {"description", p.Description}, {"md5", p.MD5},
		{"location", p.Location}, {"disposition", p.Disposition},
	} {
		if f.value != "" {
			d.line(inner, "%s %q", f.name, f.value)
		}
	}
	for _, param := range p.DispositionParams {
		d.line(inner, "disposition param %q %q", param.Name, param.Value)
	}
	if len(p.Language) > 0 {
		d.line(inner, "language %q", p.Language)
	}
	for i := range p.Parts {
		d.part(&p.Parts[i], inner, append(path, uint32(i+1)))
	}
	if p.Message != nil {
		d.message(p.Message, inner, path)
	}
}

func describePath(path []uint32) string {
	if len(path) == 0 {
		return "-"
	}
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(path), " ", "."), "[]")
}
