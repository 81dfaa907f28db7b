// Package transfer brings accounts in from other servers and out again, as
// maildir (with Dovecot's lists of UIDs and keywords) and as mbox.
//
// An import is resumable: each batch of messages and the note of where they
// came from are one commit, so that what was imported once is never imported
// again, wherever a run was cut off. It reads one message at a time, in
// bounded memory; of a folder it holds a list of names. What cannot be read is
// reported and passed over: a damaged message never stops the others.
//
// Line ends. Mail on a disk has LF, mail in a store CR LF. An import turns LF
// into CR LF, except in a file that has CR LF already. An export writes LF,
// except for a message that would not come back the same: that is written as
// it is.
package transfer
