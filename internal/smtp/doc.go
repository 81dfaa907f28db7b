// Package smtp receives mail from the Internet by SMTP (RFC 5321) for the
// domains that are served here, and for no other: it is never a relay, and
// offers no submission.
//
// The sessions run over emersion/go-smtp, which reads commands and writes
// replies, on connections that this package gives it. It adds deadlines,
// limits, one write for pipelined replies, its own reader for DATA, and a
// shutdown that lets messages under way finish. Package lmtp uses the same
// sessions with the replies of LMTP.
package smtp
