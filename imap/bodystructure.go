package imap

// Param is one parameter of a MIME header field.
type Param struct{ Name, Value string }

// Disposition is the content of Content-Disposition (RFC 2183 §2).
type Disposition struct {
	Type   string
	Params []Param
}

// BodyStructure describes a message or a part of it (RFC 9051 §7.5.2, body).
// Which fields are written follows from the type: Children for multipart,
// Envelope, Message and Lines for message/rfc822 and message/global, Lines for
// text. The fields from MD5 on are extension data, which BODY leaves out and
// BODYSTRUCTURE has.
type BodyStructure struct {
	// Type and Subtype are the media type; a multipart has the Type
	// "multipart" in any case.
	Type, Subtype string
	Params        []Param
	ID            NString
	Description   NString
	Encoding      string
	SizeOctets    uint64

	// Children are the parts of a multipart, in order.
	Children []BodyStructure

	// Envelope and Message belong to an embedded message; both are nil for
	// everything else.
	Envelope *Envelope
	Message  *BodyStructure
	// Lines is the size in text lines of the encoded content.
	Lines uint64

	MD5         NString
	Disposition *Disposition
	Languages   []string
	Location    NString
}
