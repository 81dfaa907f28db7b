// Package pop3server serves POP3 (RFC 1939) with CAPA (RFC 2449), SASL
// (RFC 5034), STLS (RFC 2595), TOP, UIDL, PIPELINING and response codes
// (RFC 2449, RFC 3206).
//
// A session is a snapshot of INBOX as it was at the login: new mail waits for
// the next session, and messages that others expunge stay readable. UIDL is
// UIDVALIDITY and UID, stable for ever. Deletions happen at QUIT, all of them
// or none. The maildrop is not locked: a snapshot needs no lock, and two
// clients may delete the same message.
//
// Lines end in CR LF on the wire (RFC 1939 §3). A stored message keeps its
// octets, whatever they are; a bare LF in it is sent as CR LF, an end of line
// that is missing at the end is added, and the sizes that STAT, LIST and RETR
// tell are those of what is sent.
//
// The package must never mark a message as seen, or change anything but by
// QUIT.
package pop3server
