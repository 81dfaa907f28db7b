// Package bearer checks OAuth 2.0 access tokens, as the server of a resource
// does: as signed JWTs, with the keys that their issuer publishes, or by asking
// the issuer (RFC 7662).
//
// It must never take a token that it cannot check, never ask anybody but the
// configured issuer, and never wait for it without an end: what the issuer does
// not answer now is refused for now.
package bearer
