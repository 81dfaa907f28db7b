package message

import "bytes"

// ParseAddresses reads an address-list (RFC 5322 §3.4) as ENVELOPE describes
// it. It takes whatever real mail holds there: obsolete syntax, missing
// brackets and commas, groups that never end. value is unfolded.
func ParseAddresses(value string) []Address { return appendAddresses(nil, []byte(value)) }

func appendAddresses(list []Address, value []byte) []Address {
	r := addressReader{rest: value, list: list}
	for len(r.rest) > 0 && len(r.list) < addressesMax {
		r.element()
	}
	r.finish()
	if r.inGroup {
		r.list = append(r.list, Address{Kind: AddressGroupEnd})
	}
	return r.list
}

// addressReader reads an address list character by character. Between two
// commas it gathers words; what they mean is known only at "<", ":" or the
// comma.
type addressReader struct {
	rest    []byte
	list    []Address
	inGroup bool

	words   []byte // the words of this element, with single spaces
	word    int    // where in words the last one begins
	at      int    // index in words of the last bare "@", plus one
	local   int    // where in words the word before that "@" begins
	space   bool   // white space precedes the next word
	comment []byte // the last comment, which names who has no display name
	angle   bool   // an address in angle brackets was read
	address Address
}

// element consumes one lexical element.
func (r *addressReader) element() {
	c := r.rest[0]
	switch c {
	case ' ', '\t':
		r.rest, r.space = r.rest[1:], true
	case '(':
		end := commentEnd(r.rest)
		r.comment, r.rest, r.space = r.rest[1:max(end-1, 1)], r.rest[end:], true
	case '"':
		r.separate()
		r.quoted()
	case '<':
		r.angleAddress()
	case ',':
		r.rest = r.rest[1:]
		r.finish()
	case ';':
		r.rest = r.rest[1:]
		r.finish()
		if r.inGroup {
			r.list, r.inGroup = append(r.list, Address{Kind: AddressGroupEnd}), false
		}
	case ':':
		r.colon()
	case '[':
		r.literal()
	case '@':
		r.space = false
		r.words = append(r.words, '@')
		r.local = r.word
		r.at, r.rest = len(r.words), bytes.TrimLeft(r.rest[1:], " \t")
	default:
		r.atom()
	}
}

// separate writes the space between two words.
func (r *addressReader) separate() {
	if r.space && len(r.words) > 0 {
		r.words = append(r.words, ' ')
		r.word = len(r.words)
	}
	r.space = false
}

// atom takes ordinary characters. An encoded-word is one even if it holds
// characters that it must not (RFC 2047 §5).
func (r *addressReader) atom() {
	if r.rest[0] == '.' && r.space && len(r.rest) > 1 { // "john . smith @ example . org" (RFC 5322 §4.4)
		r.words, r.rest, r.space = append(r.words, '.'), bytes.TrimLeft(r.rest[1:], " \t"), false
		return
	}
	r.separate()
	if n := encodedWordLength(r.rest); n > 0 {
		r.words, r.rest = append(r.words, r.rest[:n]...), r.rest[n:]
		return
	}
	n := bytes.IndexAny(r.rest[1:], " \t(\"<,;:[@=") + 1
	if n == 0 {
		n = len(r.rest)
	}
	r.words, r.rest = append(r.words, r.rest[:n]...), r.rest[n:]
}

// encodedWordLength returns the length of the encoded-word at the start of b,
// or 0. It ends before white space. RFC 2047 §2 allows 75 characters; longer
// ones are seen.
func encodedWordLength(b []byte) int {
	if !bytes.HasPrefix(b, []byte("=?")) {
		return 0
	}
	marks := 0
	b = b[:min(len(b), wordScanMax)]
	for i := 2; i < len(b) && b[i] != ' ' && b[i] != '\t' && b[i] != '<'; i++ {
		if b[i] != '?' {
			continue
		}
		if marks++; marks >= 3 && i+1 < len(b) && b[i+1] == '=' {
			return i + 2
		}
	}
	return 0
}

// quoted takes a quoted-string.
func (r *addressReader) quoted() {
	n := quotedLength(r.rest)
	r.words, r.rest = appendUnquoted(r.words, r.rest[:n]), r.rest[n:]
}

// appendUnquoted appends the text of a quoted-string, which may lack its last
// quote.
func appendUnquoted(dst, quoted []byte) []byte {
	for i := 1; i < len(quoted) && quoted[i] != '"'; i++ {
		if quoted[i] == '\\' && i+1 < len(quoted) {
			i++
		}
		dst = append(dst, quoted[i])
	}
	return dst
}

// literal takes a domain-literal, with its brackets.
func (r *addressReader) literal() {
	r.separate()
	n := bytes.IndexByte(r.rest[:min(len(r.rest), wordScanMax)], ']') + 1
	if n == 0 {
		n = 1
	}
	r.words, r.rest = append(r.words, r.rest[:n]...), r.rest[n:]
}

// colon ends the name of a group, outside of groups and addresses.
func (r *addressReader) colon() {
	r.rest = r.rest[1:]
	if r.inGroup || r.angle || r.at > 0 {
		r.words = append(r.words, ':')
		return
	}
	r.inGroup = true
	r.list = append(r.list, Address{Kind: AddressGroupStart, Mailbox: string(r.words)})
	r.reset()
}

func (r *addressReader) reset() {
	r.words, r.word, r.at, r.space, r.angle = r.words[:0], 0, 0, false, false
	r.comment, r.address = nil, Address{}
}

// angleAddress takes an address in angle brackets. The words before it are the
// display name.
func (r *addressReader) angleAddress() {
	route, spec, n := angleSpec(r.rest)
	r.rest = r.rest[n:]
	if r.angle {
		return // a second one in the same element
	}
	name := string(r.words)
	at := 0
	r.words, r.space, r.word = r.words[:0], false, 0
	for i := 0; i < len(spec); i++ {
		switch c := spec[i]; c {
		case '(':
			i += commentEnd(spec[i:]) - 1
		case '"':
			n := quotedLength(spec[i:])
			r.words = appendUnquoted(r.words, spec[i:i+n])
			i += n - 1
		case '@':
			r.space = false
			r.words = append(r.words, c)
			at = len(r.words)
		case ' ', '\t':
			r.space = len(r.words) > at && r.words[len(r.words)-1] != '.'
		default:
			if c != '.' {
				r.separate()
			}
			r.words, r.space = append(r.words, c), false
		}
	}
	mailbox, host := splitAddress(r.words, at)
	r.angle, r.address = true, Address{Name: name, Route: string(route), Mailbox: mailbox, Host: host}
	r.words, r.word, r.at, r.space = r.words[:0], 0, 0, false
}

// angleSpec returns what is between the brackets at the start of b, the source
// route apart, and how much of b that takes. A missing bracket is made up for
// at the comma or the end.
func angleSpec(b []byte) (route, spec []byte, length int) {
	start := 1
	if inner := bytes.TrimLeft(b[1:], " \t"); len(inner) > 0 && inner[0] == '@' {
		if i := bytes.IndexAny(b[:min(len(b), routeMax)], ":>"); i >= 0 && b[i] == ':' {
			route, start = bytes.TrimSpace(b[1:i]), i+1
		}
	}
	comma := len(b)
	for i := start; i < len(b); i++ {
		switch b[i] {
		case '>':
			return route, b[start:i], i + 1
		case '<': // the bracket of another address
			return route, b[start:min(comma, i)], min(comma, i)
		case ',':
			comma = min(comma, i)
		case '"':
			i += quotedLength(b[i:]) - 1
		}
	}
	return route, b[start:comma], comma
}

// quotedLength returns the length of the quoted-string at the start of b, which
// is all of b where it never ends.
func quotedLength(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}

func splitAddress(spec []byte, at int) (mailbox, host string) {
	if at == 0 {
		return string(spec), ""
	}
	return string(spec[:at-1]), commonWord(spec[at:])
}

// finish ends an element at its comma.
func (r *addressReader) finish() {
	switch {
	case r.angle:
	case r.at > 0:
		r.bareAddress()
	case len(r.words) > 0 && bytes.IndexByte(r.words, ' ') >= 0:
		r.address.Name = string(r.words)
	case len(r.words) > 0:
		r.address.Mailbox = string(r.words)
	default:
		r.reset()
		return
	}
	if r.address.Name == "" && len(r.comment) > 0 {
		r.address.Name = string(bytes.TrimSpace(r.comment))
	}
	r.list = append(r.list, r.address)
	r.reset()
}

// bareAddress reads words such as "john@example.org", which may have a name
// before it and rubbish after it.
func (r *addressReader) bareAddress() {
	name, local, domain := r.words[:r.local], r.words[r.local:r.at-1], r.words[r.at:]
	r.address.Name = string(bytes.TrimSpace(name))
	if i := bytes.IndexByte(domain, ' '); i >= 0 {
		domain = domain[:i]
	}
	r.address.Mailbox, r.address.Host = string(local), commonWord(domain)
}

// parseMessageIDs returns the ids of a References or In-Reply-To field without
// angle brackets. Beyond the limit the first, which names the thread, and the
// newest are kept.
func parseMessageIDs(value []byte) []string {
	var ids []string
	for {
		start := bytes.IndexByte(value, '<')
		if start < 0 {
			return ids
		}
		value = value[start+1:]
		end := bytes.IndexByte(value, '>')
		if end < 0 {
			return ids
		}
		if id := value[:end]; len(id) > 0 {
			if len(ids) == referencesMax {
				ids = append(ids[:1], ids[2:]...)
			}
			ids = append(ids, string(id))
		}
		value = value[end+1:]
	}
}

// ParseMessageIDs returns the message ids in the text of a field such as
// In-Reply-To, without angle brackets.
func ParseMessageIDs(text string) []string { return parseMessageIDs([]byte(text)) }
