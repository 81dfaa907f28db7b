// Package imap holds the words of IMAP4rev2 (RFC 9051) and its extensions as
// Go values: numbers and sets of them, flags, mailbox attributes, message
// sections, FETCH items, SEARCH keys and response codes.
//
// The package does no input or output and imports nothing of this module. Its
// values are what the codec in imap/imapwire reads and writes, and what a
// server and a client exchange. Types keep apart what the protocol keeps
// apart: a UID is not a sequence number, and a set of one is not a set of the
// other.
package imap
