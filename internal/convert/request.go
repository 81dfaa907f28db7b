package convert

import (
	"slices"
	"strconv"
	"strings"

	"github.com/restante/restante/imap"
)

// Request is what a part is to become.
type Request struct {
	// Target is a media type; "" is the default conversion (RFC 5259 §6).
	Target string
	Params []imap.Param
	// Defaults chooses the default conversion.
	Defaults Defaults
}

// Defaults are the media types that the default conversion chooses, by what the
// part is. Empty ones are text/plain and image/jpeg, which RFC 5259 §6 names.
type Defaults struct{ Text, Image string }

// target returns the type that a part of type from is to become.
func (r *Request) target(from string) string {
	if r.Target != "" {
		return strings.ToLower(r.Target)
	}
	text, image := "text/plain", "image/jpeg"
	if r.Defaults.Text != "" {
		text = strings.ToLower(r.Defaults.Text)
	}
	if r.Defaults.Image != "" {
		image = strings.ToLower(r.Defaults.Image)
	}
	if strings.HasPrefix(from, "image/") {
		return image
	}
	if possible := targets(from); len(possible) > 0 && !slices.Contains(possible, text) {
		return possible[len(possible)-1]
	}
	return text
}

// options are parameters that were understood.
type options struct {
	charset       string
	replacement   string
	replaces      bool
	width, height int
}

// Missing returns the error of a body part that does not exist.
func (r *Request) Missing() *Error {
	return &Error{Code: imap.ConvertBadParameters, Text: "There is no such part", To: r.target("")}
}

// resolve finds the conversion of a part and understands its parameters.
func (r *Request) resolve(from string) (to string, o options, err *Error) {
	to = r.target(from)
	if !slices.Contains(targets(from), to) {
		return to, o, &Error{Code: imap.ConvertBadParameters, Text: "This conversion is not possible", From: from, To: to}
	}
	o, bad := r.options(paramsOf(to))
	if len(bad) > 0 {
		return to, o, &Error{Code: imap.ConvertBadParameters, Text: "Some parameters do not apply, or their values are not possible",
			From: from, To: to, Params: bad}
	}
	return to, o, nil
}

// options understands the parameters, and returns all of those that it does not
// (RFC 5259 §9, BADPARAMETERS).
func (r *Request) options(known []string) (o options, bad []imap.Param) {
	seen := map[string]bool{}
	for _, p := range r.Params {
		name := strings.ToLower(p.Name)
		if seen[name] || !slices.Contains(known, name) || !o.take(name, p.Value) {
			bad = append(bad, p)
		}
		seen[name] = true
	}
	if len(bad) == 0 && o.replaces { // RFC 5259 §7.1
		if _, err := encodeText(o.replacement, o.charset, nil); err != nil {
			bad = r.named(paramReplacement)
		}
	}
	return o, bad
}

// take understands one parameter.
func (o *options) take(name, value string) bool {
	switch name {
	case paramCharset:
		o.charset = strings.ToLower(value)
		return targetCharset(o.charset) != nil
	case paramReplacement:
		o.replacement, o.replaces = value, true
		return len(value) <= replacementMax && isPrintable(value)
	case paramWidth:
		return takeSide(&o.width, value)
	case paramHeight:
		return takeSide(&o.height, value)
	}
	return false
}

func takeSide(side *int, value string) bool {
	n, err := strconv.ParseUint(value, 10, 31)
	*side = int(n)
	return err == nil && n > 0 && n <= sideMax
}

// isPrintable reports whether a replacement is UTF-8 without control characters.
func isPrintable(text string) bool {
	for _, c := range text {
		if c < ' ' || c == 127 || c == '\uFFFD' {
			return false
		}
	}
	return true
}

func sameName(a, b string) bool { return strings.EqualFold(a, b) }

// named returns the parameter of a name as the client spelled it.
func (r *Request) named(name string) []imap.Param {
	return slices.DeleteFunc(slices.Clone(r.Params), func(p imap.Param) bool { return !sameName(p.Name, name) })
}

// Available returns the types that a part of type from can become with the
// parameters that are given (RFC 5259 §8.4), without looking at the part.
func (r *Request) Available(from string) ([]string, *Error) {
	if r.Target != "" {
		to, _, err := r.resolve(from)
		return []string{to}, err
	}
	all := targets(from)
	var fitting []string
	var last *Error
	for _, to := range all {
		one := *r
		one.Target = to
		if _, _, err := one.resolve(from); err != nil {
			last = err
			continue
		}
		fitting = append(fitting, to)
	}
	if len(fitting) == 0 && len(all) == 1 {
		return nil, last
	}
	return fitting, nil
}

// Key returns what tells this request from others of the same part.
func (r *Request) Key(from string) string {
	var b strings.Builder
	b.WriteString(r.target(from))
	for _, p := range r.Params {
		b.WriteString("\x00" + strings.ToLower(p.Name) + "\x00" + p.Value)
	}
	return b.String()
}
