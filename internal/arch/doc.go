// Package arch holds the import policy of the project, as a test. Four rules
// carry it: protocols never see the disk, only mail; the store never sees a
// protocol; the vocabulary imports nothing of ours; client and server never
// import each other. Beyond them, each room says here which rooms it may see,
// so that a new arrow between rooms is a decision and not an accident.
package arch
