package imapwire

import (
	"encoding/base64"

	"github.com/restante/restante/imap"
)

// The functions of this and the other cmd_ files read the arguments of one
// command, from after its name to its end. Each is called with a decoder that
// has read Tag and Command.

// DecodeNothing reads the end of a command without arguments.
func DecodeNothing(d *Decoder) error { return d.End() }

// DecodeLogin reads the arguments of LOGIN (RFC 9051 §6.2.3).
func DecodeLogin(d *Decoder) (imap.LoginRequest, error) {
	var r imap.LoginRequest
	d.SP()
	r.User = d.AString()
	d.SP()
	r.Password = d.AString()
	return r, d.End()
}

// DecodeAuthenticate reads the arguments of AUTHENTICATE, with an initial
// response if there is one (RFC 9051 §6.2.2).
func DecodeAuthenticate(d *Decoder) (imap.AuthenticateRequest, error) {
	var r imap.AuthenticateRequest
	d.SP()
	r.Mechanism = d.word()
	if d.More() {
		text := d.run(charBase64, "an initial response is missing")
		if string(text) == "=" { // RFC 4959 §3: empty
			r.Initial = []byte{}
		} else if octets, err := DecodeBase64(text); err == nil {
			r.Initial = octets
		} else {
			d.Fail("the initial response is not base64")
		}
	}
	return r, d.End()
}

// DecodeBase64 decodes a line of a SASL exchange (RFC 9051 §9, base64).
func DecodeBase64(text []byte) ([]byte, error) {
	octets := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Strict().Decode(octets, text)
	if err != nil {
		return nil, &SyntaxError{"the response is not base64", 0}
	}
	return octets[:n], nil
}

// DecodeEnable reads the arguments of ENABLE (RFC 9051 §6.3.1).
func DecodeEnable(d *Decoder) ([]imap.Capability, error) {
	var capabilities []imap.Capability
	d.SP()
	for {
		capabilities = append(capabilities, imap.Capability(d.Atom()))
		if !d.More() {
			break
		}
	}
	return capabilities, d.End()
}

// DecodeID reads the argument of ID: nil for NIL (RFC 2971 §3.1).
func DecodeID(d *Decoder) ([]imap.IDField, error) {
	d.SP()
	fields := d.idFields()
	return fields, d.End()
}

// idFields reads the parameter list of ID. RFC 2971 §4 admits an empty list.
func (d *Decoder) idFields() []imap.IDField {
	if d.acceptWord("NIL") {
		return nil
	}
	fields := []imap.IDField{}
	d.List(true, func() {
		name := d.String()
		d.SP()
		value := d.NString()
		fields = append(fields, imap.IDField{Name: name, Value: value.Text, Nil: !value.Present})
	})
	return fields
}
