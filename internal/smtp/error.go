package smtp

import (
	"context"
	"errors"

	gosmtp "github.com/emersion/go-smtp"

	"github.com/restante/restante/internal/delivery"
	"github.com/restante/restante/internal/mail"
)

// replies says how each expected error is told to a client: reply code,
// enhanced status code (RFC 3463) and text. The first that matches holds.
var replies = []struct {
	err      error
	code     int
	enhanced gosmtp.EnhancedCode
	text     string
}{
	{delivery.ErrUnknownUser, 550, gosmtp.EnhancedCode{5, 1, 1}, "No such user here"},
	{delivery.ErrForeign, 550, gosmtp.EnhancedCode{5, 7, 1}, "Relaying denied"},
	{delivery.ErrMoved, 550, gosmtp.EnhancedCode{5, 1, 6}, "Mailbox is on another server; mail for it does not belong here"},
	{delivery.ErrDisabled, 550, gosmtp.EnhancedCode{5, 2, 1}, "Mailbox is disabled"},
	{delivery.ErrBadAddress, 553, gosmtp.EnhancedCode{5, 1, 3}, "That is not a valid address"},
	{delivery.ErrNotASCII, 553, gosmtp.EnhancedCode{5, 6, 7}, "That address needs SMTPUTF8"},
	{delivery.ErrTooLarge, 552, gosmtp.EnhancedCode{5, 3, 4}, "Message is too large"},
	{delivery.ErrLoop, 554, gosmtp.EnhancedCode{5, 4, 6}, "Too many Received fields: the message runs in a circle"},
	{delivery.ErrFull, 552, gosmtp.EnhancedCode{5, 2, 2}, "Mailbox is full"},
	// RFC 3463 §3.3: X.2.2 is to be used as a persistent transient failure.
	{mail.ErrOverQuota, 452, gosmtp.EnhancedCode{4, 2, 2}, "Mailbox is full, try again later"},
	{mail.ErrErased, 550, gosmtp.EnhancedCode{5, 1, 1}, "No such user here"},
	{mail.ErrMailboxFull, 552, gosmtp.EnhancedCode{5, 2, 2}, "Mailbox has used up its identifiers"},
	{mail.ErrNoSpace, 452, gosmtp.EnhancedCode{4, 3, 1}, "Not enough room at present, try again later"},
	{context.Canceled, 451, gosmtp.EnhancedCode{4, 3, 2}, "Server is shutting down, try again later"},
	{mail.ErrUnavailable, 451, gosmtp.EnhancedCode{4, 3, 0}, "Store is not available at present, try again later"},
}

// replyTo turns an error into a reply. What is not expected is a fault of the
// server, which the client must not lose its mail to: it may try again.
func replyTo(err error) error {
	if err == nil {
		return nil
	}
	for _, r := range replies {
		if errors.Is(err, r.err) {
			return &gosmtp.SMTPError{Code: r.code, EnhancedCode: r.enhanced, Message: r.text}
		}
	}
	return &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 3, 0}, Message: "Local trouble, try again later"}
}

// expected reports whether an error is one that a client or a full disk can
// bring about.
func expected(err error) bool {
	for _, r := range replies {
		if errors.Is(err, r.err) {
			return true
		}
	}
	return false
}

var (
	errNested   = &gosmtp.SMTPError{Code: 503, EnhancedCode: gosmtp.EnhancedCode{5, 5, 1}, Message: "Sender was given already"}
	errAborted  = &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 4, 2}, Message: "Message did not arrive whole"}
	errSender   = &gosmtp.SMTPError{Code: 553, EnhancedCode: gosmtp.EnhancedCode{5, 1, 7}, Message: "That is not a valid sender address"}
	errDraining = &gosmtp.SMTPError{Code: 421, EnhancedCode: gosmtp.EnhancedCode{4, 3, 2}, Message: "Service is shutting down"}
)
