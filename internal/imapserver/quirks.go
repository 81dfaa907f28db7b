package imapserver

import "github.com/restante/restante/imap"

// What the server forgives, and whom. Nothing here changes what it says to a
// client that follows the documents.

// bareLF accepts lines that end in LF alone, as people at a terminal and small
// scripts send them (RFC 9051 §2.2 asks for CRLF).
const bareLF = true

// numbersNothing reports whether a set of sequence numbers in SEARCH is
// answered by nothing and not by BAD: "1:*" in an empty mailbox. By the letter
// there is no "*" then (RFC 9051 §9, seq-number); clients that fill a cache
// search for "1:*" without looking at EXISTS first, and take a BAD for a
// broken server.
func numbersNothing(set imap.SeqSet, messages uint32) bool {
	return messages == 0 && set.Dynamic()
}
