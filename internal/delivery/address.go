package delivery

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/restante/restante/internal/mail"
)

// Directory knows who receives mail. Its methods may be called at the same
// time.
type Directory interface {
	// Recipients returns the accounts that receive mail for an address, at
	// least one. The local part is taken as it is, whatever characters are
	// in it: the domain is what follows the last "@". ErrForeign,
	// ErrUnknownUser, ErrDisabled.
	Recipients(ctx context.Context, address string) ([]mail.AccountID, error)
}

// Resolve looks up a recipient. utf8 says that the client announced SMTPUTF8.
// Its errors are those of Directory, ErrBadAddress and ErrNotASCII.
func (a *Agent) Resolve(ctx context.Context, address string, utf8 bool) (Recipient, error) {
	if err := checkAddress(address, utf8); err != nil {
		return Recipient{}, err
	}
	accounts, err := a.directory.Recipients(ctx, address)
	if err != nil {
		return Recipient{}, err
	}
	if len(accounts) == 0 {
		return Recipient{}, ErrUnknownUser
	}
	return Recipient{address, accounts}, nil
}

// CheckSender says whether an address can be a reverse-path. Any domain can,
// and so can the null reverse-path.
func CheckSender(address string, utf8 bool) error {
	if address == "" {
		return nil
	}
	return checkAddress(address, utf8)
}

func checkAddress(address string, allowUTF8 bool) error {
	at := strings.LastIndexByte(address, '@')
	if at <= 0 || at == len(address)-1 || len(address) > addressMax || !utf8.ValidString(address) {
		return ErrBadAddress
	}
	for _, r := range address {
		if unicode.IsControl(r) {
			return ErrBadAddress
		}
		if r >= utf8.RuneSelf && !allowUTF8 {
			return ErrNotASCII
		}
	}
	// RFC 5321 §4.1.2: a Domain is made of letters, digits, hyphens and
	// dots, an address-literal stands in brackets; nothing else may carry a
	// second meaning to whoever reads the address next.
	for _, r := range address[at+1:] {
		if r < utf8.RuneSelf && !isDomainByte(byte(r)) {
			return ErrBadAddress
		}
	}
	return nil
}

func isDomainByte(c byte) bool {
	return isAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == ':' || c == '[' || c == ']'
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// isAtomByte tells the characters of an atom (RFC 5321 §4.1.2, atext; octets
// of UTF-8 by RFC 6531 §3.3).
func isAtomByte(c byte) bool {
	return isAlphanumeric(c) || c >= utf8.RuneSelf || strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

// appendPath appends an address in angle brackets, its local part quoted if
// it is no Dot-string (RFC 5321 §4.1.2).
func appendPath(b []byte, address string) []byte {
	b = append(b, '<')
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return append(b, '>')
	}
	local := address[:at]
	if isDotString(local) {
		b = append(b, local...)
	} else {
		b = append(b, '"')
		for i := range len(local) {
			if local[i] == '"' || local[i] == '\\' {
				b = append(b, '\\')
			}
			b = append(b, local[i])
		}
		b = append(b, '"')
	}
	b = append(b, address[at:]...)
	return append(b, '>')
}

func isDotString(local string) bool {
	for i := range len(local) {
		if local[i] == '.' {
			if i == 0 || i == len(local)-1 || local[i-1] == '.' {
				return false
			}
			continue
		}
		if !isAtomByte(local[i]) {
			return false
		}
	}
	return local != ""
}
