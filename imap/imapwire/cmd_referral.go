package imapwire

import (
	"bytes"
	"strings"

	"github.com/restante/restante/imap"
)

// referral writes the URLs of a REFERRAL, each behind a space.
func (e *Encoder) referral(c imap.CodeReferral) {
	for _, url := range c.URLs {
		e.SP().urlText(strings.ReplaceAll(url, " ", "%20"))
	}
}

// codeReferral reads 1*(SPACE <url>) (RFC 2193 §6).
func (d *Decoder) codeReferral() imap.Code {
	var code imap.CodeReferral
	for d.More() {
		rest := d.text[d.pos:]
		if end := bytes.IndexAny(rest, " ]"); end >= 0 {
			rest = rest[:end]
		}
		if len(rest) == 0 {
			d.Fail("a URL is missing")
			break
		}
		d.pos += len(rest)
		code.URLs = append(code.URLs, string(rest))
	}
	if len(code.URLs) == 0 {
		d.Fail("a URL is missing")
	}
	return code
}
