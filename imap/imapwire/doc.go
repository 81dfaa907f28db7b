// Package imapwire is the codec of IMAP4rev2 (RFC 9051), IMAP4rev1 (RFC 3501)
// and their extensions: bytes to the values of package imap and back, for both
// ends of the connection.
//
// Reading takes two steps. A Fragmenter cuts the stream into commands (or
// responses) made of lines and literals and nothing else, so that the boundary
// of a command holds however malformed its content is. A Decoder then reads
// values from the Fragments; it is a pure function of them. Decode functions
// named after commands (DecodeFetch, DecodeList, …) read the arguments of one
// command; NextResponse reads what a server sends.
//
// Writing is the work of an Encoder, which appends to a buffer and flushes it to
// an io.Writer. It chooses quoted string, literal or literal8, and UTF-8 or
// modified UTF-7 for mailbox names, from the mode of the session.
//
// The package keeps no session state, never waits for anything but the reader
// and writer it was given, and must not know what a command does.
package imapwire
