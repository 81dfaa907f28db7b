package mail

import (
	"github.com/restante/restante/internal/message"
)

// Textual returns a staged message as it can be told in text: each part that holds
// NUL is in base64 (RFC 9051 §4.3.1, §7.5.2; RFC 3516 §4.4), all else as it came.
// The result takes the place of body, which it may be. With an error, such as
// message.ErrNotTextual, body is what it was. It is for messages that are new: one
// that clients know already never changes.
func Textual(store Store, body *Body) (*Body, error) {
	if !body.HasNUL {
		return body, nil
	}
	parts, err := message.BinaryParts(body.Structure, body.Content)
	if err != nil || len(parts) == 0 {
		return body, err
	}
	staging := store.Stage()
	if err := message.WriteTextual(staging, body.Structure, body.Content, parts); err != nil {
		staging.Discard()
		return body, err
	}
	textual, err := staging.Finish()
	if err != nil {
		return body, err
	}
	body.Release()
	return textual, nil
}
