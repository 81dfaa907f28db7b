// Package tidy holds the house style, as tests: how long files and functions
// may grow, that every package says what it is for, that cited sections of
// standards exist, that nothing unfinished is left standing, and that tests
// do not wait for time to pass. Exceptions are named here with their reason.
package tidy
