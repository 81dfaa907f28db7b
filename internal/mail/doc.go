// Package mail is the domain: accounts, mailboxes, messages, what may change
// them and how a change is told. Every protocol speaks to storage through the
// interfaces of this package, and the store implements them.
//
// The package knows no disk and no protocol. A protocol reads one consistent
// State, or commits a Decision: a function that looks at the newest State and
// says which Records are to happen. The decisions that several protocols
// share are here too, one file per subject (decide_*.go), as pure functions
// of a State.
package mail
