// Package index keeps what is derived from the journal: rows in an ordered
// key-value store, from which every question of a protocol is answered.
//
// The index is not truth. It has no log of its own: what was written since it
// last flushed is lost in a crash and derived again from the journal, from
// the offset that each batch carries. It can be deleted at any time. What the
// rows mean and how records become rows is the business of package store;
// here are the keys, the values and the store that holds them.
package index
