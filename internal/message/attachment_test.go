package message

import (
	"strings"
	"testing"
)

// The aim: what people call an attachment is one, and what they see as part of
// the message is none.
func TestHasAttachment(t *testing.T) {
	multipart := func(subtype string, parts ...string) string {
		return "Content-Type: multipart/" + subtype + "; boundary=" + subtype + "\r\n\r\n--" + subtype + "\r\n" +
			strings.Join(parts, "\r\n--"+subtype+"\r\n") + "\r\n--" + subtype + "--\r\n"
	}
	part := func(contentType, disposition string) string {
		head := "Content-Type: " + contentType + "\r\n"
		if disposition != "" {
			head += "Content-Disposition: " + disposition + "\r\n"
		}
		return head + "\r\nx"
	}
	text, html := part("text/plain", ""), part("text/html", "")
	for name, c := range map[string]struct {
		message string
		want    bool
	}{
		"plain":                       {"Subject: x\r\n\r\nx", false},
		"alternative":                 {multipart("alternative", text, html), false},
		"a file":                      {multipart("mixed", text, part("application/pdf", `attachment; filename="a.pdf"`)), true},
		"a file without disposition":  {multipart("mixed", text, part("application/pdf", "")), true},
		"a text file":                 {multipart("mixed", text, part("text/plain; name=a.txt", "")), true},
		"a footer":                    {multipart("mixed", text, text), false},
		"a text that is attached":     {multipart("mixed", text, part("text/plain", "attachment")), true},
		"a picture of the text":       {multipart("related", html, part("image/png", "inline; filename=a.png")), false},
		"a picture within the text":   {multipart("mixed", text, part("image/png", "inline"), text), false},
		"a picture that is attached":  {multipart("mixed", text, part("image/png", "attachment")), true},
		"a signature":                 {multipart("signed", text, part("application/pgp-signature", "")), false},
		"a signed message with files": {multipart("signed", multipart("mixed", text, part("application/zip", "attachment")), part("application/pgp-signature", "")), true},
		"a forwarded message":         {multipart("mixed", text, part("message/rfc822", "")), true},
		"only a file":                 {part("application/zip", ""), true},
		"only a picture":              {part("image/jpeg", ""), false},
		"a file deep inside":          {multipart("mixed", multipart("alternative", text, multipart("related", html, part("application/zip", "attachment")))), true},
	} {
		structure := ParseBytes([]byte("MIME-Version: 1.0\r\n" + c.message))
		if got := structure.HasAttachment(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
