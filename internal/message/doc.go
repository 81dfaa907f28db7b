// Package message reads Internet messages: RFC 5322 headers and MIME bodies.
//
// Parse turns a message into a Structure: a tree of parts whose headers and
// bodies are byte ranges of the message, with the envelope and what FETCH,
// SEARCH, SORT and THREAD ask of it. A Structure is pure data. It holds no
// text of the message beyond its decoded-once header values, has a compact
// binary form for an index, and answers every body section of RFC 9051
// §6.4.5 as a byte range.
//
// The package never refuses a message: whatever the bytes, there is a
// structure, whose ranges lie within the message. Its work is linear in the
// size of the message and its memory bounded, also for hostile input; what
// lies beyond a limit (limits.go) is described as an opaque leaf. It does no
// output, knows no protocol state and imports nothing of this module.
package message
