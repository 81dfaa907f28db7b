// Package demands keeps the tables that say, for every MUST and MUST NOT of an
// RFC, whom it binds and, if that is the server, which case proves that this
// server obeys.
//
// A table is a file testdata/demands/rfcNNNN.txt, written by hand. It names
// each occurrence by its section and its number there, from 1, and says in
// words of ours what is demanded:
//
//	section 6.3.2
//	1 server SELECT leaves the mailbox that was selected | select/leaves-previous
//	2 client clients do not rely on UNSEEN
//	3 server a reason of nature | none: only a broken disk would show it
//
// Who is bound is "server", "client", "both" (as much as server), "other" (the
// authors of extensions, IANA, servers that differ from this one in what the
// demand is about) or "text" (the word is used without demanding).
// Every case that a row names must say that it covers the row's section.
//
// testdata/demands/occurrences.txt holds which words each section has, so that
// the tables can be checked without the texts: "9051 6.3.2 MUST MUST-NOT". It
// is counted from the texts by the test of this package where it finds them.
package demands
