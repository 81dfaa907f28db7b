package imap

import (
	"strconv"
	"strings"
	"time"
)

// URL is an IMAP URL (RFC 5092): the name of a server, of a mailbox, of the
// messages that a search finds, or of one message or a piece of it. Its texts
// are decoded: neither percent-encoding nor modified UTF-7 is left in them.
// What is absent is the zero value, except where a member says otherwise.
//
// Which members may stand together is decided by RFC 5092 §11: Search excludes
// UID; Section, Partial and Access need it. ParseURL returns no other URLs, and
// String writes none that ParseURL would refuse, if its members obey.
type URL struct {
	// Form says how much of the server a URL names.
	Form URLForm
	// User is whose mailboxes they are and whom to log in as (§3). Auth is the
	// mechanism of AUTHENTICATE to use, "*" for any (§3.2).
	User, Auth string
	// Host is as RFC 3986 §3.2.2 writes it: a name, which may have upper case
	// letters, an IPv4 address, or an IPv6 address in brackets. Port is zero
	// when none is given; then it is 143.
	Host string
	Port uint16

	// Mailbox is the name in UTF-8. UIDValidity tells a URL from one of an
	// earlier mailbox of that name (§5).
	Mailbox     string
	UIDValidity UIDValidity
	// Search is what would follow SEARCH (§5). It may have any octets.
	Search string

	// UID names one message (§6), and Section a piece of it: the zero value is
	// the message whole.
	UID     UID
	Section Section
	// Partial is a run of octets of it, if HasPartial. Unlike in FETCH its
	// Length may be zero: everything from Offset on (RFC 5092 §11,
	// partial-range).
	Partial    Partial
	HasPartial bool

	// Expire is until when the URL is valid, the zero time for ever. Access is
	// who may use it. Mechanism, in upper case, and Token, in lower case, prove
	// it; without them the URL is one that GENURLAUTH would prove
	// (RFC 5092 §6.1.2).
	Expire    time.Time
	Access    URLAccess
	Mechanism string
	Token     string
}

// URLForm is how a URL begins (RFC 5092 §7).
type URLForm uint8

// The forms: "imap://host/path", "//host/path", "/path", and what only has a
// meaning together with a base: "path", ";UID=1" and "".
const (
	URLAbsolute URLForm = iota
	URLNetworkPath
	URLAbsolutePath
	URLRelativePath
	urlFormEnd
)

// URLForms lists every form.
var URLForms = [...]URLForm{URLAbsolute, URLNetworkPath, URLAbsolutePath, URLRelativePath}

// URLAccess says who may use an authorized URL (RFC 5092 §6.1.2, RFC 5593 §3.3):
// an application, in lower case, and, for those that are prefixes, a user. The
// zero value is none.
type URLAccess struct{ Application, User string }

// The access identifiers that are registered (RFC 5593 §6). Of others the same
// is true as of stream and submit: the session must belong to the application.
const (
	// AccessSubmit, a prefix, is for servers of message submission that act for
	// the user.
	AccessSubmit = "submit"
	// AccessUser, a prefix, is for sessions of that user.
	AccessUser = "user"
	// AccessAuthUser is for every session that is not anonymous.
	AccessAuthUser = "authuser"
	// AccessAnonymous is for every session.
	AccessAnonymous = "anonymous"
	// AccessStream is for servers that play attachments.
	AccessStream = "stream"
)

// IsZero reports whether there is no access identifier.
func (a URLAccess) IsZero() bool { return a == URLAccess{} }

// IsWellFormed reports whether the identifier can be used: it is a word of
// letters and digits, and the registered ones have a user exactly if they are
// prefixes.
func (a URLAccess) IsWellFormed() bool {
	switch a.Application {
	case AccessSubmit, AccessUser:
		return a.User != ""
	case AccessAuthUser, AccessAnonymous, AccessStream:
		return a.User == ""
	}
	return isApplication(a.Application)
}

// String returns the identifier as a URL has it.
func (a URLAccess) String() string {
	if a.User == "" {
		return a.Application
	}
	return a.Application + "+" + escapeURL(a.User, urlUser)
}

// IsMessage reports whether the URL names a message or a piece of one, and not
// a server, a mailbox or what a search finds.
func (u *URL) IsMessage() bool { return u.Mailbox != "" && u.UID != 0 }

// HasServer reports whether the URL says which server it is about.
func (u *URL) HasServer() bool { return u.Form == URLAbsolute || u.Form == URLNetworkPath }

// Address returns host and port, for net.Dial.
func (u *URL) Address() string {
	port := u.Port
	if port == 0 {
		port = 143 // RFC 5092 §12.1 leaves it to IMAP
	}
	return u.Host + ":" + strconv.Itoa(int(port))
}

// String writes the URL. Octets that RFC 5092 §11 does not allow, and those
// that its Appendix A encodes, are percent-encoded in upper case; so are dots
// and slashes of a name that would be taken for those of the path (§7).
func (u URL) String() string {
	var b strings.Builder
	if u.Form == URLAbsolute {
		b.WriteString("imap:")
	}
	if u.HasServer() {
		b.WriteString("//")
		u.writeServer(&b)
	}
	path := u.path()
	if u.Form == URLAbsolutePath || u.HasServer() && path != "" {
		b.WriteByte('/')
	}
	b.WriteString(path)
	return b.String()
}

func (u *URL) writeServer(b *strings.Builder) {
	b.WriteString(escapeURL(u.User, urlUser))
	switch u.Auth {
	case "":
	case "*": // RFC 5092 §3.2: never encoded
		b.WriteString(";AUTH=*")
	default:
		b.WriteString(";AUTH=" + escapeURL(u.Auth, urlUser))
	}
	if u.User != "" || u.Auth != "" {
		b.WriteByte('@')
	}
	b.WriteString(u.Host)
	if u.Port != 0 {
		b.WriteString(":" + strconv.Itoa(int(u.Port)))
	}
}

// path writes what follows the slash after the server: an icommand, or what of
// one a relative URL has.
func (u *URL) path() string {
	var b strings.Builder
	parameter := func(separator, text string) {
		if b.Len() > 0 {
			b.WriteString(separator)
		}
		b.WriteString(text)
	}
	b.WriteString(escapeURLMailbox(u.Mailbox))
	if u.UIDValidity != 0 {
		b.WriteString(";UIDVALIDITY=" + strconv.FormatUint(uint64(u.UIDValidity), 10))
	}
	if u.Search != "" {
		b.WriteString("?" + escapeURL(u.Search, urlPlain))
	}
	if u.UID != 0 {
		parameter("/", ";UID="+strconv.FormatUint(uint64(u.UID), 10))
	}
	if section := u.Section.String(); section != "" {
		parameter("/", ";SECTION="+escapeURL(section, urlPlain))
	}
	if u.HasPartial {
		parameter("/", ";PARTIAL="+partialRange(u.Partial))
	}
	if !u.Expire.IsZero() {
		b.WriteString(";EXPIRE=" + u.Expire.Format(time.RFC3339Nano))
	}
	if !u.Access.IsZero() {
		b.WriteString(";URLAUTH=" + u.Access.String())
	}
	if u.Mechanism != "" {
		b.WriteString(":" + u.Mechanism + ":" + u.Token)
	}
	return b.String()
}

func partialRange(p Partial) string {
	text := strconv.FormatUint(p.Offset, 10)
	if p.Length != 0 {
		text += "." + strconv.FormatUint(p.Length, 10)
	}
	return text
}

// SplitURLAuth divides an authorized URL, as it stands, into what its token
// authorizes, the rump URL, and the proof (RFC 4467 §6). Nothing is decoded,
// nor folded, since the token is one of the very octets. ok is false if there
// is no proof.
func SplitURLAuth(text string) (rump, mechanism, token string, ok bool) {
	head, token, found := cutLast(text, ':')
	if !found {
		return "", "", "", false
	}
	rump, mechanism, found = cutLast(head, ':')
	if !found || !isURLMechanism(mechanism) || !isURLToken(token) {
		return "", "", "", false
	}
	return rump, mechanism, token, true
}

func cutLast(text string, c byte) (before, after string, found bool) {
	at := strings.LastIndexByte(text, c)
	if at < 0 {
		return "", "", false
	}
	return text[:at], text[at+1:], true
}
