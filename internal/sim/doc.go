// Package sim runs a store in a world that is bad to it: sessions that
// deliver, flag, move and delete at the same time, on a disk that fails, fills
// up, and is cut off at random moments as by a loss of power. After each cut
// the store is opened again and compared with a model.
//
// The model is simple enough to be believed. Each attempt to change something
// leaves its number in an entry named after the position it was given, so that
// the store itself tells which attempts it kept, in which order; the model
// applies their records, one by one, to plain maps. What must hold then:
//
//   - every attempt that was acknowledged before the cut is there, once, in
//     all its accounts;
//   - none is there that was refused, or that had not begun;
//   - mailboxes, messages, flags, contents and entries are those of the model;
//   - no UID was given twice, and no position or UID went back;
//   - the index equals one derived anew.
//
// Everything random comes from one seed, which every failure names. Goroutines
// are scheduled by the runtime, so that a seed repeats the plan of a run and
// not its every interleaving.
package sim
