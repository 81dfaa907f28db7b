package imapwire

import (
	"strings"
	"unicode/utf8"

	"github.com/restante/restante/imap"
)

// Mailbox reads a mailbox name and returns it in UTF-8, INBOX in its canonical
// spelling. The name may be empty, as the reference of LIST is.
//
// In a mode without UTF8 the name is modified UTF-7 (RFC 3501 §5.1.3). What
// looks like it and is broken, such as "&Jjo!", is a syntax error
// (RFC 9051 §A.1). An "&" that cannot begin a shift, because no base64 follows,
// stands for itself: such a name is a legal astring and clients use it. A name
// that is UTF-8 already is taken as it is (RFC 9755 §3).
func (d *Decoder) Mailbox() string {
	name := d.mailboxText(d.astringBytes(charAString))
	if !d.mode.UTF8 && d.err == nil {
		decoded, err := decodeMailboxUTF7(name)
		if err != nil {
			d.Fail("the mailbox name is not modified UTF-7")
			return ""
		}
		name = decoded
	}
	return imap.CanonicalMailbox(name)
}

// ListMailbox reads a pattern of LIST: a mailbox name in which "%" and "*" may
// stand unquoted (RFC 9051 §9, list-mailbox). A pattern that is broken UTF-7
// is no error: it matches what it says.
func (d *Decoder) ListMailbox() string {
	pattern := d.mailboxText(d.astringBytes(charList))
	if !d.mode.UTF8 && d.err == nil {
		if decoded, err := decodeMailboxUTF7(pattern); err == nil {
			return decoded
		}
	}
	return pattern
}

func (d *Decoder) mailboxText(name []byte) string {
	if d.err == nil && !utf8.Valid(name) {
		d.Fail("the mailbox name is not UTF-8")
	}
	if d.err != nil {
		return ""
	}
	return string(name)
}

// decodeMailboxUTF7 is DecodeUTF7 for names as clients write them: see Mailbox.
func decodeMailboxUTF7(name string) (string, error) {
	at := strings.IndexByte(name, '&')
	if at < 0 || strings.IndexFunc(name, func(r rune) bool { return r >= 0x80 }) >= 0 {
		return name, nil
	}
	decoded, err := DecodeUTF7(name)
	if err == nil {
		return decoded, nil
	}
	mended := make([]byte, 0, len(name)+4)
	for i := 0; i < len(name); i++ {
		mended = append(mended, name[i])
		if name[i] == '&' && (i+1 == len(name) || name[i+1] != '-' && !isUTF7Base64(name[i+1])) {
			mended = append(mended, '-')
		}
	}
	return DecodeUTF7(string(mended))
}

func isUTF7Base64(c byte) bool {
	return c == ',' || c == '+' || c != '/' && c != '=' && charClass[c]&charBase64 != 0
}
