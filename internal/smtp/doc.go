// Package smtp receives mail from the Internet by SMTP (RFC 5321) for the
// domains that are served here, and for no other: it is never a relay, and
// offers no submission.
package smtp
