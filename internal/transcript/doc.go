// Package transcript judges IMAP servers by written conversations.
//
// A case is one small file: what clients say on one or several connections,
// and what RFC 9051, RFC 3501 and their companions then demand of the server.
// The language is described in docs/transcripts.md; the cases live in
// testdata/transcripts. Every case is run once in each dialect that it does
// not exclude (see Dialect), on an account that it has for itself.
//
// The package is the judge, so it shares nothing with the server it judges:
// it has its own reader of responses, and it must never import imap,
// imapwire or any part of the server.
package transcript
