package auth

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/xdg-go/stringprep"
)

// preparePassword returns a password in the form in which passwords are
// compared: SASLprep, as SCRAM clients send theirs (RFC 5802 §2.2), so that
// one password works with every mechanism. What SASLprep does not allow is
// taken as it is: a password that was set must work.
func preparePassword(password string) string {
	if isPrintableASCII(password) || !utf8.ValidString(password) {
		return password
	}
	if prepared, err := stringprep.SASLprep.Prepare(password); err == nil && prepared != "" {
		return prepared
	}
	return password
}

// prepareIdentifier returns an identifier of an access control list in the
// form in which they are compared (RFC 4314 §3). ErrBadAddress.
func prepareIdentifier(identifier string) (string, error) {
	if !utf8.ValidString(identifier) || len(identifier) > addressMax {
		return "", fmt.Errorf("%w: the identifier is not UTF-8 or too long", ErrBadAddress)
	}
	prepared, err := stringprep.SASLprep.Prepare(identifier)
	if err != nil || strings.Trim(prepared, "-") == "" {
		return "", fmt.Errorf("%w: the identifier is empty or not one", ErrBadAddress)
	}
	return prepared, nil
}

func isPrintableASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// checkNewPassword refuses what could not be typed into a login.
func checkNewPassword(password string) error {
	switch {
	case password == "":
		return fmt.Errorf("%w: it is empty", ErrBadPassword)
	case len(password) > passwordMax:
		return fmt.Errorf("%w: it is longer than %d octets", ErrBadPassword, passwordMax)
	}
	for i := range len(password) {
		// RFC 4616 §2: NUL parts the fields of PLAIN; line ends cannot be
		// sent in other logins.
		if password[i] == 0 || password[i] == '\r' || password[i] == '\n' {
			return fmt.Errorf("%w: it holds a control character", ErrBadPassword)
		}
	}
	return nil
}
