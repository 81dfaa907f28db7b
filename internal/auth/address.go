package auth

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// address is a local part and a domain as the directory compares them: the
// local part in NFC without case, the domain as lower-case A-labels. An empty
// domain stands for the default domain, whichever that is.
type address struct{ local, domain string }

func (a address) String() string {
	if a.domain == "" {
		return a.local
	}
	return a.local + "@" + a.domain
}

// domainProfile maps case and width, as one does for a lookup, and is lenient
// about what old domains contain (underscores, hyphens in odd places).
var domainProfile = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// normalDomain returns a domain in the form in which domains are compared.
func normalDomain(name string) (string, error) {
	ascii, err := domainProfile.ToASCII(strings.TrimSuffix(name, "."))
	if err != nil || ascii == "" || len(ascii) > addressMax || strings.ContainsAny(ascii, " @\"<>[]\\/\x00") {
		return "", fmt.Errorf("%w: %q is not a domain name", ErrBadAddress, name)
	}
	for _, label := range strings.Split(ascii, ".") {
		if label == "" || len(label) > 63 {
			return "", fmt.Errorf("%w: %q has a label that is empty or too long", ErrBadAddress, name)
		}
	}
	return ascii, nil
}

// normalLocal returns a local part in the form in which they are compared.
func normalLocal(local string) string {
	return strings.ToLower(norm.NFC.String(local))
}

// splitAddress parts "local" or "local@domain". A quoted local part loses its
// quotes (RFC 5321 §4.1.2: both forms name the same mailbox).
func splitAddress(text string) (address, error) {
	if len(text) > addressMax || !utf8.ValidString(text) {
		return address{}, fmt.Errorf("%w: too long, or not UTF-8", ErrBadAddress)
	}
	local, domain := text, ""
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		normal, err := normalDomain(text[at+1:])
		if err != nil {
			return address{}, err
		}
		local, domain = text[:at], normal
	}
	if len(local) >= 2 && local[0] == '"' && local[len(local)-1] == '"' {
		local = unquote(local[1 : len(local)-1])
	}
	local = normalLocal(local)
	if local == "" {
		return address{}, fmt.Errorf("%w: the part before @ is empty", ErrBadAddress)
	}
	return address{local, domain}, nil
}

func unquote(quoted string) string {
	var plain strings.Builder
	for i := 0; i < len(quoted); i++ {
		if quoted[i] == '\\' && i+1 < len(quoted) {
			i++
		}
		plain.WriteByte(quoted[i])
	}
	return plain.String()
}

// newAddress is splitAddress for names that are about to be given to
// something: it also refuses what would only cause trouble.
func newAddress(text string) (address, error) {
	a, err := splitAddress(text)
	if err != nil {
		return a, err
	}
	if len(a.local) > localMax {
		return a, fmt.Errorf("%w: the part before @ is longer than %d octets", ErrBadAddress, localMax)
	}
	for _, r := range a.local {
		if unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune("\"\\<>()[],;:@", r) {
			return a, fmt.Errorf("%w: %q cannot be part of it", ErrBadAddress, r)
		}
	}
	return a, nil
}

// withoutDetail takes the detail off a local part: "u+tag" is u's.
func (a address) withoutDetail() (base address, detail string, ok bool) {
	plus := strings.IndexByte(a.local, '+')
	if plus <= 0 {
		return a, "", false
	}
	return address{a.local[:plus], a.domain}, a.local[plus+1:], true
}
