package imapserver

import (
	"context"
	"errors"
	"log/slog"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/mail"
)

// reply is an error that says what the client is told: the one kind of error
// that carries a status, a response code and a text.
type reply struct {
	status imap.Status
	code   imap.Code // may be nil
	text   string
	cause  error // for the log, may be nil
	level  slog.Level
}

func (r *reply) Error() string {
	if r.cause != nil {
		return r.text + ": " + r.cause.Error()
	}
	return r.text
}

func (r *reply) Unwrap() error { return r.cause }

// no says that the command failed, bad that the client should not have sent
// it, and bye that the connection ends.
func no(code imap.Code, text string) error {
	return &reply{status: imap.StatusNo, code: code, text: text, level: slog.LevelDebug}
}

func bad(text string) error {
	return &reply{status: imap.StatusBad, text: text, level: slog.LevelDebug}
}

func bye(code imap.Code, text string) error {
	return &reply{status: imap.StatusBye, code: code, text: text, level: slog.LevelInfo}
}

// replies says how the errors of other rooms are told.
var replies = []struct {
	is     error
	status imap.Status
	code   imap.Code
	text   string
	level  slog.Level
}{
	{mail.ErrNoMailbox, imap.StatusNo, imap.CodeNonExistent, "No such mailbox", slog.LevelDebug},
	{mail.ErrNotPermitted, imap.StatusNo, imap.CodeNoPerm, "No permission", slog.LevelDebug},
	{mail.ErrMailboxExists, imap.StatusNo, imap.CodeAlreadyExists, "Mailbox exists already", slog.LevelDebug},
	{mail.ErrBadName, imap.StatusNo, imap.CodeCannot, "This cannot be the name of a mailbox", slog.LevelDebug},
	{mail.ErrInbox, imap.StatusNo, imap.CodeCannot, "Not possible with INBOX", slog.LevelDebug},
	{mail.ErrHasChildren, imap.StatusNo, imap.CodeHasChildren, "Mailbox has inferior names", slog.LevelDebug},
	{mail.ErrSpecialUse, imap.StatusNo, imap.CodeUseAttr, "Special use cannot be given to this mailbox", slog.LevelDebug},
	{mail.ErrNoMessage, imap.StatusNo, imap.CodeExpungeIssued, "Some of the messages no longer exist", slog.LevelDebug},
	{mail.ErrTooManyKeywords, imap.StatusNo, imap.CodeLimit, "Too many different keywords in this mailbox", slog.LevelDebug},
	{mail.ErrOverQuota, imap.StatusNo, imap.CodeOverQuota, "Over quota", slog.LevelDebug},
	{mail.ErrTooManyAtOnce, imap.StatusNo, imap.CodeLimit, "Too many messages at once", slog.LevelDebug},
	{mail.ErrMailboxFull, imap.StatusNo, imap.CodeLimit, "Mailbox has used up its unique identifiers", slog.LevelWarn},
	{mail.ErrTooManyRights, imap.StatusNo, imap.CodeLimit, "Too many identifiers have rights on this mailbox", slog.LevelInfo},
	{mail.ErrTooManyMailbox, imap.StatusNo, imap.CodeLimit, "Too many mailboxes", slog.LevelInfo},
	{mail.ErrMetadataTooBig, imap.StatusNo, imap.CodeMetadata{Kind: imap.MetadataMaxSize, Octets: mail.MetadataValueMax}, "Value is too long", slog.LevelDebug},
	{mail.ErrTooMuchMetadata, imap.StatusNo, imap.CodeMetadata{Kind: imap.MetadataTooMany}, "Too many entries", slog.LevelDebug},
	{mail.ErrAnnotationTooBig, imap.StatusNo, imap.AnnotateTooBig, "Value is too long", slog.LevelDebug},
	{mail.ErrTooManyAnnotations, imap.StatusNo, imap.AnnotateTooMany, "Too many annotations", slog.LevelDebug},
	{mail.ErrAnnotationsFull, imap.StatusNo, imap.CodeLimit, "No room for the annotations of the messages", slog.LevelInfo},
	{mail.ErrNoSpace, imap.StatusNo, imap.CodeUnavailable, "No space left, try again later", slog.LevelWarn},
	{mail.ErrUnavailable, imap.StatusNo, imap.CodeUnavailable, "Mail store is not available, try again later", slog.LevelWarn},
	{mail.ErrCorrupt, imap.StatusNo, imap.CodeCorruption, "Stored data is damaged", slog.LevelError},
	{mail.ErrErased, imap.StatusBye, imap.CodeNonExistent, "Account was deleted", slog.LevelInfo},

	{auth.ErrCredentials, imap.StatusNo, imap.CodeAuthenticationFailed, "Authentication failed", slog.LevelDebug},
	{auth.ErrAuthorization, imap.StatusNo, imap.CodeAuthorizationFailed, "Acting as another user is not offered", slog.LevelInfo},
	{auth.ErrDisabled, imap.StatusNo, imap.CodeContactAdmin, "Account is disabled", slog.LevelInfo},
	{auth.ErrTooMany, imap.StatusNo, imap.CodeLimit, "Too many at once, try again later", slog.LevelInfo},
	{auth.ErrUnavailable, imap.StatusNo, imap.CodeUnavailable, "Cannot check credentials now, try again later", slog.LevelWarn},
	{auth.ErrMechanism, imap.StatusNo, imap.CodeCannot, "Authentication mechanism is not offered", slog.LevelDebug},
	{auth.ErrProtocol, imap.StatusBad, nil, "Malformed authentication response", slog.LevelDebug},

	{context.Canceled, imap.StatusBye, imap.CodeUnavailable, "Server shuts down", slog.LevelInfo},
	{context.DeadlineExceeded, imap.StatusNo, imap.CodeUnavailable, "This took too long", slog.LevelWarn},
}

// explain turns any error into what the client is told. What is not known is
// a fault of the server.
func explain(err error) *reply {
	if known := new(reply); errors.As(err, &known) {
		return known
	}
	if syntax := new(imapwire.SyntaxError); errors.As(err, &syntax) {
		return &reply{status: imap.StatusBad, text: syntax.Error(), level: slog.LevelDebug}
	}
	if limit := new(imapwire.LimitError); errors.As(err, &limit) {
		return &reply{status: imap.StatusBad, code: imap.CodeLimit, text: limit.Error(), level: slog.LevelDebug}
	}
	for _, r := range replies {
		if errors.Is(err, r.is) {
			return &reply{status: r.status, code: r.code, text: r.text, cause: err, level: r.level}
		}
	}
	return &reply{status: imap.StatusNo, code: imap.CodeServerBug, text: "Internal error", cause: err, level: slog.LevelError}
}

// tryCreate is err, but tells a client that would add messages to a mailbox
// that does not exist how to go on (RFC 9051 §7.1, TRYCREATE).
func tryCreate(err error) error {
	if errors.Is(err, mail.ErrNoMailbox) {
		return &reply{status: imap.StatusNo, code: imap.CodeTryCreate, text: "No such mailbox", cause: err, level: slog.LevelDebug}
	}
	return err
}

// ending turns what went wrong into the end of the session: its client would
// miss changes if it went on.
func ending(err error) error {
	if err == nil {
		return nil
	}
	told := *explain(err)
	told.status = imap.StatusBye
	return &told
}

// notANameIsNoMailbox is err, but what cannot be a name is the name of nothing.
func notANameIsNoMailbox(err error) error {
	if errors.Is(err, mail.ErrBadName) {
		return mail.ErrNoMailbox
	}
	return err
}

// isReplied reports whether an error of reading leaves the connection in step,
// so that it can be answered.
func isReplied(err error) bool {
	syntax, limit := new(imapwire.SyntaxError), new(imapwire.LimitError)
	return errors.As(err, &syntax) || errors.As(err, &limit)
}
