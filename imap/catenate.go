package imap

// CatenatePart is one piece of a message that CATENATE puts together
// (RFC 4469 §3): the octets that a URL names, or the text of a literal.
type CatenatePart struct {
	// IsURL tells a URL from a text. URL is as the client wrote it, relative to
	// the selected mailbox; unless HasLiteral says that it comes as one.
	IsURL bool
	URL   string
	// HasLiteral says that a literal of SizeOctets follows, which is read as a
	// stream: always for a text. Binary and UTF8 are those of AppendRequest
	// (RFC 6855 §4, cat-part).
	HasLiteral   bool
	SizeOctets   uint64
	Binary, UTF8 bool
}

// CodeBadURL names the first URL that CATENATE could not read (RFC 4469 §4.1).
type CodeBadURL struct{ URL string }

// Name returns "BADURL".
func (CodeBadURL) Name() string { return "BADURL" }

func (CodeBadURL) code() {}
