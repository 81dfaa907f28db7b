// Package imapserver speaks IMAP4rev2 (RFC 9051), and IMAP4rev1 (RFC 3501) to
// clients that never enable rev2, over any mail.Store.
//
// One goroutine serves a session: it reads a command, runs it, and writes
// what the client is told; nothing else writes to the connection, and it never
// does so under a lock. What a command is stands in a table (table.go), what
// the server can do in another (feature.go), what the client enabled in one
// value (dialect.go). Every command ends in one step that announces what
// others changed (sync.go), and every error becomes a reply in one place
// (error.go).
//
// The package never sees a disk. It asks mail for states and commits
// decisions; message numbers are translated to UIDs at its border.
package imapserver
