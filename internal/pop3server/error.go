package pop3server

import (
	"context"
	"errors"
	"log/slog"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/mail"
)

// refusal is a negative reply: a response code, which may be empty, and text.
type refusal struct{ code, text string }

func (r *refusal) Error() string { return r.text }

// Response codes (RFC 2449 §8, RFC 3206 §4 and §5).
const (
	codeInUse     = "IN-USE"
	codeAuth      = "AUTH"
	codeTemporary = "SYS/TEMP"
	codePermanent = "SYS/PERM"
)

func refuse(text string) error { return &refusal{"", text} }

// errEnd ends a session whose command has written its reply.
var errEnd = errors.New("session ends")

// replies says how each expected error is told. The first that matches holds.
var replies = []struct {
	err        error
	code, text string
}{
	{auth.ErrCredentials, codeAuth, "Authentication failed"},
	{auth.ErrAuthorization, codeAuth, "Acting as another user is not offered"},
	{auth.ErrDisabled, codePermanent, "Account is disabled"},
	{auth.ErrReferred, codePermanent, "Account is on another server"},
	{auth.ErrTooMany, codeInUse, "Too many logins or sessions at present, try again later"},
	{auth.ErrUnavailable, codeTemporary, "Directory of users is not available, try again later"},
	{auth.ErrMechanism, "", "Authentication mechanism is not offered here"},
	{auth.ErrProtocol, "", "Malformed authentication response"},
	{mail.ErrErased, codePermanent, "Account was deleted"},
	{mail.ErrNoMessage, "", "Message is no longer kept"},
	{mail.ErrCorrupt, codePermanent, "Message is damaged in the store"},
	{mail.ErrNoSpace, codeTemporary, "Not enough room at present, nothing was changed"},
	{mail.ErrUnavailable, codeTemporary, "Store is not available at present, nothing was changed"},
	{context.Canceled, codeTemporary, "Server is shutting down"},
}

// refusalOf turns any error into a reply, and says at which level it belongs
// into the log.
func refusalOf(err error) (*refusal, slog.Level) {
	var known *refusal
	if errors.As(err, &known) {
		return known, slog.LevelDebug
	}
	for _, r := range replies {
		if errors.Is(err, r.err) {
			level := slog.LevelInfo
			if r.err == mail.ErrCorrupt {
				level = slog.LevelError
			}
			return &refusal{r.code, r.text}, level
		}
	}
	return &refusal{codeTemporary, "Local trouble, try again later"}, slog.LevelError
}
