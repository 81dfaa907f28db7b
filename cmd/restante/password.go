package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/term"
)

// passwordInputMax is how much of standard input is read for a password.
const passwordInputMax = 4096

// readPassword gets a password from a terminal, typed twice if it is new, or
// from the first line of standard input. It never comes from an argument:
// every user of a machine can see those.
func readPassword(std streams, isNew bool) (string, error) {
	if !term.IsTerminal(int(std.in.Fd())) {
		return readPasswordLine(std.in)
	}
	first, err := promptPassword(std, "Password: ")
	if err != nil || !isNew {
		return first, err
	}
	second, err := promptPassword(std, "The same again: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the two passwords differ")
	}
	return first, nil
}

func promptPassword(std streams, prompt string) (string, error) {
	fmt.Fprint(std.err, prompt)
	typed, err := term.ReadPassword(int(std.in.Fd()))
	fmt.Fprintln(std.err)
	return string(typed), err
}

func readPasswordLine(in io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, passwordInputMax))
	if err != nil {
		return "", err
	}
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	if len(bytes.TrimSpace(rest)) > 0 {
		return "", errors.New("standard input has several lines; a password is one")
	}
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) == 0 {
		return "", errors.New("no password on standard input")
	}
	return string(line), nil
}
