// Package reception is what LMTP (RFC 2033) and SMTP reception (RFC 5321)
// have in common: sessions over emersion/go-smtp, which reads commands and
// writes replies, on connections that this package gives it. It adds
// deadlines, limits, one write for pipelined replies, its own reader for DATA,
// and a shutdown that lets messages under way finish.
//
// It must never accept mail for a domain that is not served here.
package reception
