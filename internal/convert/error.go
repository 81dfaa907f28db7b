package convert

import (
	"errors"

	"github.com/restante/restante/imap"
)

// Error says why a conversion failed, in the terms of RFC 5259 §9.
type Error struct {
	Code     imap.ConvertErrorCode
	Text     string
	From, To string
	// Params are those at fault, as the client spelled them. Without any, a
	// ConvertBadParameters says that the conversion is not possible.
	Params []imap.Param
	// Cause is for the log.
	Cause error
}

func (e *Error) Error() string {
	text := e.From + " to " + e.To + ": " + e.Text
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

func (e *Error) Unwrap() error { return e.Cause }

// Phrase returns the error as CONVERTED tells it.
func (e *Error) Phrase() *imap.ConvertError {
	phrase := &imap.ConvertError{Text: e.Text, Code: e.Code}
	if e.Code == imap.ConvertTempFail {
		phrase.Minutes = 1
		return phrase
	}
	phrase.Conversions = []imap.FailedConversion{{From: e.From, To: e.To, Params: e.Params}}
	return phrase
}

// failure is what a converter returns; the room around it adds the types.
type failure struct {
	text  string
	param string // the parameter at fault, if it is one
	cause error
}

func (f *failure) Error() string { return f.text }

func fail(text string) error { return &failure{text: text} }

func failBecause(text string, cause error) error { return &failure{text: text, cause: cause} }

// explain turns a converter's error into one of RFC 5259: what a time limit or a
// shutdown stopped may succeed later, everything else will not.
func (r *Request) explain(err error, from string) *Error {
	told := &Error{Code: imap.ConvertBadParameters, From: from, To: r.target(from), Cause: err}
	var f *failure
	switch {
	case errors.Is(err, errTooSlow), errors.Is(err, errBusy):
		told.Code, told.Text = imap.ConvertTempFail, "The server is busy, or this takes too long"
	case errors.As(err, &f):
		told.Text, told.Cause = f.text, f.cause
		for _, p := range r.Params {
			if f.param != "" && sameName(p.Name, f.param) {
				told.Params = append(told.Params, p)
			}
		}
	default:
		told.Text = "The part cannot be read"
	}
	return told
}
