// Package transcripts holds the cases by which IMAP servers are judged, and
// the messages that they use. docs/transcripts.md describes their language.
package transcripts

import "embed"

// Files are the cases (FOLDER/NAME.case) and messages (messages/NAME.eml).
//
//go:embed */*.case messages/*.eml
var Files embed.FS
