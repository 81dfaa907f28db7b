package bearer

import (
	"encoding/json"
	"slices"
	"strings"
)

// claims are what a token, or an introspection, says.
type claims map[string]json.RawMessage

// text returns a claim that is a string.
func (c claims) text(name string) string {
	var text string
	_ = json.Unmarshal(c[name], &text) // what is no string is none
	return text
}

// list returns a claim that is a string or a list of them.
func (c claims) list(name string) []string {
	var list []string
	if json.Unmarshal(c[name], &list) == nil && list != nil {
		return list
	}
	if text := c.text(name); text != "" {
		return []string{text}
	}
	return nil
}

// login returns who a token is for, if it has the scope. An e-mail address that
// the issuer did not verify is not who somebody is.
func (c claims) login(o *Options) (string, error) {
	var had []string
	for _, name := range []string{"scope", "scp"} { // RFC 8693, section 4.2; others have lists
		for _, text := range c.list(name) {
			had = append(had, strings.Fields(text)...)
		}
	}
	for _, needed := range strings.Fields(o.Scope) {
		if !slices.Contains(had, needed) {
			return "", ErrScope
		}
	}
	if o.Claim == "email" && string(c["email_verified"]) == "false" {
		return "", ErrInvalid
	}
	login := c.text(o.Claim)
	if login == "" {
		return "", ErrInvalid
	}
	return login, nil
}
