package auth

import (
	"strings"
)

// oauthRequest is what a client says in OAUTHBEARER or XOAUTH2.
type oauthRequest struct {
	authorization string // whom the client wants to be, or empty
	token         string // empty asks for what a token needs (RFC 7628 §4.3)
	host          string
}

// kvsep parts the fields (RFC 7628 §3.1).
const kvsep = "\x01"

// parse reads the client's response. ErrProtocol if it is malformed, and
// ErrCredentials for what is well-formed and says nothing.
func (e *oauthExchange) parse(text string) (request oauthRequest, err error) {
	if text == kvsep { // RFC 7628 §3.1: it may be failed at once
		return request, ErrCredentials
	}
	fields := text
	if !e.older {
		header, rest, found := strings.Cut(text, kvsep)
		if !found {
			return request, ErrProtocol
		}
		if request.authorization, err = gs2Authorization(header); err != nil {
			return request, err
		}
		fields = rest
	}
	values, ok := keyValues(fields)
	if !ok {
		return request, ErrProtocol
	}
	authorization, named := values["user"]
	value, given := values["auth"]
	if !given || e.older && (!named || authorization == "") {
		return request, ErrProtocol
	}
	if e.older {
		request.authorization = authorization
	}
	if port, given := values["port"]; given && !isPort(port) {
		return request, ErrProtocol
	}
	request.host = values["host"]
	if value == "" {
		return request, nil
	}
	scheme, token, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return request, nil // no token that is good here
	}
	request.token = strings.TrimLeft(token, " ")
	return request, nil
}

// gs2Authorization reads a gs2-header: a flag, which may not ask for a channel
// binding, and perhaps whom the client wants to be (RFC 5801 §4).
func gs2Authorization(header string) (string, error) {
	flag, rest, ok := strings.Cut(header, ",")
	if !ok || flag != "n" && flag != "y" || !strings.HasSuffix(rest, ",") {
		return "", ErrProtocol
	}
	name := strings.TrimSuffix(rest, ",")
	if name == "" {
		return "", nil
	}
	encoded, ok := strings.CutPrefix(name, "a=")
	if !ok || encoded == "" || strings.ContainsAny(encoded, ",\x00") {
		return "", ErrProtocol
	}
	plain := strings.NewReplacer("=2C", ",", "=3D", "=").Replace(encoded)
	if strings.Count(encoded, "=") != strings.Count(encoded, "=2C")+strings.Count(encoded, "=3D") {
		return "", ErrProtocol
	}
	return plain, nil
}

// keyValues reads *kvpair kvsep. Keys that nobody knows are passed over
// (RFC 7628 §3.1); one that comes twice could mean two things.
func keyValues(text string) (map[string]string, bool) {
	pairs, ok := strings.CutSuffix(text, kvsep)
	if !ok || pairs != "" && !strings.HasSuffix(pairs, kvsep) {
		return nil, false
	}
	values := map[string]string{}
	for pair := range strings.SplitSeq(strings.TrimSuffix(pairs, kvsep), kvsep) {
		if pair == "" && pairs == "" {
			break
		}
		key, value, ok := strings.Cut(pair, "=")
		if _, twice := values[key]; !ok || twice || !isLetters(key) || !isFieldValue(value) {
			return nil, false
		}
		values[key] = value
	}
	return values, true
}

func isLetters(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return s != ""
}

// isFieldValue tells the octets of a value: VCHAR / SP / HTAB / CR / LF, and,
// since names are in it, UTF-8.
func isFieldValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7f {
			return false
		}
	}
	return true
}

// isPort tells a positive decimal number without leading zeros (RFC 7628 §3.1).
func isPort(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && s[0] != '0' && len(s) <= 5
}
