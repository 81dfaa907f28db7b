package imapserver

import "github.com/restante/restante/imap"

// What the server forgives, and whom. Nothing here changes what it says to a
// client that follows the documents.

// bareLF accepts lines that end in LF alone, as people at a terminal and small
// scripts send them (RFC 9051 §2.2 asks for CRLF).
const bareLF = true

// Messages with 8-bit header fields come from clients that have not enabled
// UTF-8, against RFC 9755 §4: programs that copy mailboxes, such as mbsync and
// imapsync, meet them in old mail. Options.EightBitHeaders takes them, and does
// so unless the configuration says otherwise: any message can be stored.

// numbersNothing reports whether a set of sequence numbers in SEARCH is
// answered by nothing and not by BAD: "1:*" in an empty mailbox. By the letter
// there is no "*" then (RFC 9051 §9, seq-number); clients that fill a cache
// search for "1:*" without looking at EXISTS first, and take a BAD for a
// broken server.
func numbersNothing(set imap.SeqSet, messages uint32) bool {
	return messages == 0 && set.Dynamic()
}
