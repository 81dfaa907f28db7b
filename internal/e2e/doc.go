// Package e2e drives the real binary with real clients, over the wire and
// over TLS, as a user would: curl, mbsync, fetchmail, Python's and Perl's mail
// libraries and an IMAP library in Go; and it delivers a corpus of real mail
// and reads all of it back.
//
// A client that is not installed is a reason to skip its test, which says so;
// with CI=true it is a failure.
package e2e
