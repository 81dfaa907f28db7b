package imap

// NString is a string that may be NIL (RFC 9051 §4.5). The zero value is NIL,
// which differs from the empty string.
type NString struct {
	Text    string
	Present bool
}

// Text returns a string that is present, even when it is empty.
func Text(s string) NString { return NString{Text: s, Present: true} }

// TextOrNil returns NIL for the empty string.
func TextOrNil(s string) NString { return NString{Text: s, Present: s != ""} }

// Address is one address of an envelope (RFC 9051 §7.5.2). Host NIL marks
// group syntax: with Mailbox present it begins the group of that name, with
// Mailbox NIL it ends it.
type Address struct {
	Name    NString
	Route   NString // addr-adl
	Mailbox NString
	Host    NString
}

// Envelope is the content of ENVELOPE (RFC 9051 §7.5.2). An empty list of
// addresses is written NIL. Sender and ReplyTo are already what the server
// made of them: From, where the message has none.
type Envelope struct {
	Date      NString
	Subject   NString
	From      []Address
	Sender    []Address
	ReplyTo   []Address
	To        []Address
	Cc        []Address
	Bcc       []Address
	InReplyTo NString
	MessageID NString
}
