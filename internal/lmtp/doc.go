// Package lmtp receives mail from a mail transfer agent by LMTP (RFC 2033):
// after the message each recipient gets a reply of its own. It must not be
// reachable from the Internet at large (RFC 2033 §5); it refuses foreign
// domains nevertheless.
package lmtp
