// Package delivery brings a message from an envelope to mailboxes: it
// resolves recipients, puts the trace fields of RFC 5321 §4.4 in front of
// what arrives, stages it once for all recipients while it is still being
// received, and commits it to all of their mailboxes in one step.
//
// It knows no protocol: package reception, which LMTP and SMTP share, turns
// its errors into replies. It must never change an octet of a message, set a
// flag that nobody asked for, or keep mail for an address outside the
// directory.
package delivery
