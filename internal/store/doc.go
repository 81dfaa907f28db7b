// Package store keeps mail: it implements mail.Store over a journal and an
// index derived from it.
//
// A commit decides on the newest state of an account (the index, and over it
// the rows that are still on their way to the disk), turns the decision into
// records, and hands them to the journal. When the journal has made them
// durable, the rows that they stand for become visible in the index in one
// batch, and the change is published; only then does the commit return. How
// records become rows is one pure function (derive), used by commits, by the
// replay after a start and by a rebuild alike, so that the index can be
// thrown away at any time.
//
// The package knows no protocol.
package store
