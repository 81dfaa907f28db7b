// Package query holds search programs: trees of keys that say of a message
// whether it matches. IMAP, JMAP and webmail build the same trees and get the
// same answers.
//
// A key costs what it must look at, and costs come in tiers: the UID, the
// marks, the row, the cached structure, the header, the text. Run asks a
// program at the cheapest tier first and goes on to a dearer one only for
// messages that are still undecided, so that a message is opened only when
// nothing cheaper could tell. The answer always equals the full scan that
// RFC 9051 §6.4.4 describes.
//
// The package reads messages through the interface Message and never writes;
// it knows neither store nor protocol. Its memory does not grow with a message.
package query
