// Package convert turns body parts into other media types and charsets, as
// CONVERT asks (RFC 5259): text between charsets, HTML and plain text into each
// other, images between their formats and sizes, and headers between charsets.
//
// What it reads comes from strangers, so everything has a limit (limits.go):
// octets before they are read, pixels before they are decoded, results while they
// are written, time, and how much is converted at once. Whatever the input, the
// answer is a result or an *Error that says what RFC 5259 §9 has for it. The same
// input and wishes always give the same result (§8.2). The package knows no
// protocol state and changes no message (§4).
package convert
