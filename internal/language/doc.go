// Package language has every text that the IMAP server says to people, in
// every language it speaks (RFC 5255 §3).
//
// The code says its texts in English, at the place where they belong, and the
// one exit for texts turns them into what the client has asked for. A language
// is a file texts/TAG.txt: each English text on a line of its own, and under
// it, indented by a tab, the same in that language. "{}" stands for what
// differs from time to time, a number or a name; a piece of it that is a text
// of the catalogue itself is turned, too.
//
// A test of the server collects the texts from its sources and holds every
// file to them: no language misses one, and none keeps one that is gone.
package language
