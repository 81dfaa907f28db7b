package imap

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrURL reports text that is no IMAP URL; the errors that wrap it say why.
var ErrURL = errors.New("not an IMAP URL")

// urlError says what is wrong with a URL.
type urlError string

func (e urlError) Error() string { return ErrURL.Error() + ": " + string(e) }

func (e urlError) Unwrap() error { return ErrURL }

// ParseURL reads an IMAP URL, absolute or relative (RFC 5092 §11). Words and
// the names of parameters may have any case. The errors wrap ErrURL.
//
// Segments of dots are resolved in a path that begins with a slash; a relative
// path that has some needs its base (see Resolve). As the examples of
// RFC 5550 §8.4 have it, a slash may stand before EXPIRE and URLAUTH.
func ParseURL(text string) (URL, error) {
	var u URL
	rest := text
	if scheme := "imap:"; len(text) >= len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
		if rest = text[len(scheme):]; !strings.HasPrefix(rest, "//") {
			return URL{}, urlError("the server is missing")
		}
	} else if u.Form = URLRelativePath; strings.HasPrefix(rest, "//") {
		u.Form = URLNetworkPath
	} else if at := strings.IndexAny(text, ":/?;"); at >= 0 && text[at] == ':' { // RFC 3986 §4.2
		return URL{}, urlError("the scheme is not imap")
	}
	if u.HasServer() {
		server, path := rest[2:], ""
		if end := strings.IndexAny(server, "/?#"); end >= 0 {
			server, path = server[:end], server[end:]
		}
		if err := u.parseServer(server); err != nil {
			return URL{}, err
		}
		if rest = path; rest == "" || rest == "/" {
			return u, nil
		}
		if rest[0] != '/' {
			return URL{}, urlError("a search without a mailbox")
		}
	}
	if err := u.parsePath(rest); err != nil {
		return URL{}, err
	}
	return u, nil
}

// parseServer reads an iserver.
func (u *URL) parseServer(text string) error {
	if userinfo, host, found := strings.Cut(text, "@"); found {
		if err := u.parseUser(userinfo); err != nil {
			return err
		}
		text = host
	}
	host, port := text, ""
	if end := strings.LastIndexByte(text, ':'); end >= 0 && !strings.HasSuffix(text, "]") {
		host, port = text[:end], text[end+1:]
	}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || port[0] == '+' {
			return urlError("the port is no number below 65536")
		}
		u.Port = uint16(n)
	}
	if inner, found := strings.CutPrefix(host, "["); found {
		address, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		if err != nil || !strings.HasSuffix(inner, "]") || !address.Is6() || address.Zone() != "" {
			return urlError("the host is no IPv6 address")
		}
	} else if _, ok := unescapeURL(host, urlReg); !ok && host != "" {
		return urlError("the host has characters that must be encoded")
	}
	u.Host = host
	return nil
}

// parseUser reads an iuserinfo.
func (u *URL) parseUser(text string) error {
	user, auth, hasAuth := strings.Cut(text, ";")
	var ok bool
	if user != "" || !hasAuth {
		if u.User, ok = unescapeURLText(user, urlUser); !ok {
			return urlError("the user is malformed")
		}
	}
	if !hasAuth {
		return nil
	}
	mechanism, ok := cutFold(auth, "AUTH=")
	if !ok {
		return urlError("the user has a parameter that is not AUTH")
	}
	if u.Auth, ok = unescapeURLText(mechanism, urlUser); !ok || u.Auth == "*" && mechanism != "*" {
		return urlError("the mechanism is malformed") // RFC 5092 §3.2
	}
	return nil
}

// parsePath reads what follows the server. A slash in front makes it an
// absolute path.
func (u *URL) parsePath(path string) error {
	path, search, hasSearch := strings.Cut(path, "?")
	if u.Form == URLRelativePath {
		if hasDotSegments(path) && !strings.HasPrefix(path, "/") {
			return urlError("a path with dots needs a base")
		}
		if strings.HasPrefix(path, "/") {
			u.Form = URLAbsolutePath
		}
	}
	if u.Form != URLRelativePath {
		path = removeDotSegments(path)[1:]
	}
	if strings.HasPrefix(path, "/") {
		return urlError("a mailbox's name begins with a slash that is not encoded") // RFC 5092 §7.1
	}
	parameters := urlParameters{url: u}
	if err := parameters.read(path); err != nil {
		return err
	}
	var ok bool
	switch {
	case !hasSearch:
	case u.Mailbox == "" || u.UID != 0 || parameters.last > urlParameterUIDValidity:
		return urlError("a search is of a mailbox")
	default:
		if u.Search, ok = unescapeURL(search, urlPath); !ok {
			return urlError("the search is malformed")
		}
	}
	return nil
}

// urlParameter is a parameter of a path, in the order of RFC 5092 §11.
type urlParameter uint8

const (
	urlParameterNone urlParameter = iota
	urlParameterUIDValidity
	urlParameterUID
	urlParameterSection
	urlParameterPartial
	urlParameterExpire
	urlParameterURLAuth
)

// urlParameterRows say of each parameter its name, and how it is read.
var urlParameterRows = [urlParameterURLAuth]struct {
	name  string
	parse func(u *URL, value string) bool
}{
	{"UIDVALIDITY=", func(u *URL, value string) bool { return parseURLNumber(&u.UIDValidity, value) }},
	{"UID=", func(u *URL, value string) bool { return parseURLNumber(&u.UID, value) }},
	{"SECTION=", (*URL).parseSection},
	{"PARTIAL=", (*URL).parsePartial},
	{"EXPIRE=", (*URL).parseExpire},
	{"URLAUTH=", (*URL).parseURLAuth},
}

// urlParameterOf finds the parameter that a text begins with.
func urlParameterOf(text string) (parameter urlParameter, value string) {
	for i, row := range urlParameterRows {
		if value, ok := cutFold(text, row.name); ok {
			return urlParameter(i + 1), value
		}
	}
	return urlParameterNone, ""
}

// urlParameters reads the parameters of a path one after the other.
type urlParameters struct {
	url  *URL
	last urlParameter
}

func (p *urlParameters) read(path string) error {
	name, rest, more := strings.Cut(path, ";")
	if !more {
		return p.setMailbox(name)
	}
	first, _ := urlParameterOf(rest)
	if err := p.named(name, first); err != nil {
		return err
	}
	for more {
		parameter, value := urlParameterOf(rest)
		if parameter <= p.last {
			return urlError("a parameter is not known, or stands in the wrong place")
		}
		p.last = parameter
		if value, rest, more = strings.Cut(value, ";"); more {
			next, _ := urlParameterOf(rest)
			trimmed, found := strings.CutSuffix(value, "/")
			if !found && next < urlParameterExpire {
				return urlError("a slash is missing before a parameter")
			}
			value = trimmed
		}
		row := urlParameterRows[parameter-1]
		if !row.parse(p.url, value) {
			return urlError(strings.TrimSuffix(row.name, "=") + " is malformed")
		}
	}
	return p.check()
}

// named takes the mailbox's name before the first parameter.
func (p *urlParameters) named(name string, first urlParameter) error {
	if first >= urlParameterUID {
		if name == "" && p.url.Form == URLRelativePath && first < urlParameterExpire {
			return nil
		}
		trimmed, found := strings.CutSuffix(name, "/")
		if !found {
			return urlError("a slash is missing before a parameter")
		}
		name = trimmed
	}
	if name == "" {
		return urlError("the mailbox is missing")
	}
	return p.setMailbox(name)
}

func (p *urlParameters) setMailbox(name string) (err error) {
	var ok bool
	if p.url.Mailbox, ok = unescapeURLText(name, urlPath); !ok && name != "" {
		err = urlError("the mailbox is malformed")
	}
	return err
}

// check says whether parameters stand together as §11 has them.
func (p *urlParameters) check() error {
	u := p.url
	hasPiece := u.Section.String() != "" || u.HasPartial
	switch {
	case u.Mailbox != "" && u.UID == 0 && hasPiece:
		return urlError("a piece of no message")
	case (!u.Access.IsZero() || !u.Expire.IsZero()) && !u.IsMessage():
		return urlError("only messages can be authorized") // RFC 4467 §3
	case !u.Expire.IsZero() && u.Access.IsZero():
		return urlError("EXPIRE without URLAUTH") // RFC 5092 §11, iurlauth-rump
	}
	return nil
}

func parseURLNumber[N UID | UIDValidity](to *N, value string) bool {
	n, err := strconv.ParseUint(value, 10, 32)
	*to = N(n)
	return err == nil && n != 0 && value[0]-'1' < 9
}

func (u *URL) parseSection(value string) bool {
	text, ok := unescapeURL(value, urlPath)
	if !ok {
		return false
	}
	section, err := ParseSection(text)
	u.Section = section
	return err == nil
}

func (u *URL) parsePartial(value string) bool {
	offset, length, hasLength := strings.Cut(value, ".")
	var err error
	if u.Partial.Offset, err = strconv.ParseUint(offset, 10, 63); err != nil {
		return false
	}
	if hasLength {
		u.Partial.Length, err = strconv.ParseUint(length, 10, 63)
		if err != nil || u.Partial.Length == 0 {
			return false
		}
	}
	u.HasPartial = true
	return !strings.HasPrefix(value, "+") && !strings.HasPrefix(length, "+")
}

// parseExpire reads a date-time of RFC 3339 §5.6, in which the letters may be
// lower case. A leap second is the one before it.
func (u *URL) parseExpire(value string) bool {
	value = strings.ToUpper(value)
	const form = "2006-01-02T15:04:05"
	if len(value) <= len(form) || strings.IndexByte(value, ',') >= 0 {
		return false
	}
	for i := range len(form) {
		if isDigit, want := value[i]-'0' < 10, form[i]-'0' < 10; isDigit != want || !want && value[i] != form[i] {
			return false
		}
	}
	if head, tail := value[:len(form)], value[len(form):]; strings.HasSuffix(head, ":60") {
		value = strings.TrimSuffix(head, "60") + "59" + tail
	}
	at, err := time.Parse(time.RFC3339Nano, value)
	if err != nil || at.IsZero() || value[len(value)-1] != 'Z' && !isZone(value[len(value)-6:]) {
		return false
	}
	u.Expire = at
	return true
}

// isZone reports whether a numeric zone is within a day.
func isZone(zone string) bool { return zone[1:3] <= "23" && zone[4:6] <= "59" }

func (u *URL) parseURLAuth(value string) bool {
	access, proof, hasProof := strings.Cut(value, ":")
	application, user, isPrefix := strings.Cut(access, "+")
	u.Access.Application = strings.ToLower(application)
	if isPrefix {
		var ok bool
		if u.Access.User, ok = unescapeURLText(user, urlUser); !ok {
			return false
		}
	}
	if !isApplication(application) {
		return false
	}
	if hasProof {
		mechanism, token, _ := strings.Cut(proof, ":")
		u.Mechanism, u.Token = strings.ToUpper(mechanism), strings.ToLower(token)
		return isURLMechanism(mechanism) && isURLToken(token)
	}
	return true
}

// isApplication reports whether a word can be an access identifier
// (RFC 5593 §4).
func isApplication(word string) bool {
	return isURLClass(word, urlMechanism) && !strings.ContainsAny(word, "-.")
}

func isURLMechanism(text string) bool { return isURLClass(text, urlMechanism) }

// isURLToken reports whether a text is an enc-urlauth: 128 bits or more.
func isURLToken(text string) bool {
	for i := range len(text) {
		if !isHex(text[i]) {
			return false
		}
	}
	return len(text) >= 32
}

// unescapeURLText is unescapeURL for what must be UTF-8 (RFC 5092 §8), and
// cannot have a NUL.
func unescapeURLText(text string, class uint8) (string, bool) {
	decoded, ok := unescapeURL(text, class)
	return decoded, ok && utf8.ValidString(decoded) && strings.IndexByte(decoded, 0) < 0
}

// cutFold is strings.CutPrefix without case.
func cutFold(text, prefix string) (string, bool) {
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return text, false
	}
	return text[len(prefix):], true
}
