// Package auth knows who the users are: accounts with their login names and
// password hashes, domains, aliases and catch-alls, which it keeps as entries
// of the directory account. It checks passwords, runs SASL exchanges, finds
// the accounts a recipient address stands for, and counts open sessions.
//
// Every change is a decision on the newest directory, a pure function; every
// lookup is answered from memory, from a view that is never older than the
// last change that was acknowledged. The package must never let an answer
// about a wrong password tell whether its account exists, and must never keep
// or log a password.
package auth
