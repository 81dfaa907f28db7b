// Package mailtest is what every implementation of mail.Store must do, as
// tests that are called on it. An implementation's own test package calls
// Test with a function that makes an empty store.
package mailtest
