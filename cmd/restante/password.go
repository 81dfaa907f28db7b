package main

import (
	"bytes"
	"context"
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
func readPassword(ctx context.Context, std streams, isNew bool) (string, error) {
	terminal := int(std.in.Fd())
	if !term.IsTerminal(terminal) {
		return interruptible(ctx, func() (string, error) { return readPasswordLine(std.in) })
	}
	if before, err := term.GetState(terminal); err == nil {
		defer func() { _ = term.Restore(terminal, before) }() // an interrupt leaves the echo off
	}
	first, err := promptPassword(ctx, std, "Password: ")
	if err != nil || !isNew {
		return first, err
	}
	second, err := promptPassword(ctx, std, "The same again: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the two passwords differ")
	}
	return first, nil
}

func promptPassword(ctx context.Context, std streams, prompt string) (string, error) {
	fmt.Fprint(std.err, prompt)
	defer fmt.Fprintln(std.err)
	return interruptible(ctx, func() (string, error) {
		typed, err := term.ReadPassword(int(std.in.Fd()))
		return string(typed), err
	})
}

// interruptible waits for what reads standard input, or for an interrupt;
// reading itself cannot be ended, but the program is about to.
func interruptible(ctx context.Context, read func() (string, error)) (string, error) {
	type outcome struct {
		text string
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		text, err := read()
		done <- outcome{text, err}
	}()
	select {
	case o := <-done:
		return o.text, o.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
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
