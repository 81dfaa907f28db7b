package main

import (
	"io"
	"log/slog"
	"syscall"
)

// descriptorLimit is how many files and connections the process may have open.
// Go's runtime has raised it to the hard limit at the start of the program.
func descriptorLimit() uint64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return limit.Cur
}

// quietLogger is for commands, which say what went wrong themselves.
func quietLogger() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }
