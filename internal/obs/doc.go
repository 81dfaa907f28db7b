// Package obs is what an administrator sees of a running server: structured
// logs, metrics and health over HTTP, and raw logs of sessions for finding
// out what a client really said.
//
// Nothing here may ever hold a password, or the text of a message: raw logs
// cut credentials and fold literals while the octets stream by.
package obs
