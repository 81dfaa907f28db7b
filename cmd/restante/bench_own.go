package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/restante/restante/internal/bench"
)

// ownAccounts is how many accounts a benchmark's own server has: one for each
// of 64 connections, and a hundred for idle sessions.
const ownAccounts = 100

// startOwn starts a server as a process of its own, so that its memory can be
// weighed, on a store that stop removes.
func startOwn(ctx context.Context) (_ bench.Target, stop func(), err error) {
	program, err := os.Executable()
	if err != nil {
		return bench.Target{}, nil, err
	}
	dir, err := os.MkdirTemp("", "restante-bench-")
	if err != nil {
		return bench.Target{}, nil, err
	}
	remove := func() { _ = os.RemoveAll(dir) }
	defer func() {
		if err != nil {
			remove()
		}
	}()
	const password, users, domain = "bench", "u%04d", "example.org"
	names := make([]string, ownAccounts)
	for i := range names {
		names[i] = fmt.Sprintf(users, i+1)
	}
	added := addArguments{Accounts: names, Password: password, Domain: domain}
	if err := administer(ctx, dir, "account.add", added, nil); err != nil {
		return bench.Target{}, nil, err
	}
	server := exec.Command(program, "serve", "--data", dir,
		"--listen", "imap=127.0.0.1:0", "--listen", "imaps=127.0.0.1:0", "--listen", "lmtp=127.0.0.1:0")
	log, err := server.StderrPipe()
	if err != nil {
		return bench.Target{}, nil, err
	}
	if err := server.Start(); err != nil {
		return bench.Target{}, nil, err
	}
	stop = func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait()
		remove()
	}
	addresses, err := awaitReady(log)
	if err != nil {
		stop()
		return bench.Target{}, nil, err
	}
	return bench.Target{
		Name: "restante", IMAP: addresses["imap"], IMAPS: addresses["imaps"], LMTP: addresses["lmtp"],
		Users: users, Domain: domain, Password: password, Dir: dir, PID: server.Process.Pid,
	}, stop, nil
}

// awaitReady reads a server's log up to its ready line, and the rest for ever.
func awaitReady(log io.Reader) (map[string]string, error) {
	scanner := bufio.NewScanner(log)
	var before []string
	for scanner.Scan() {
		rest, ok := strings.CutPrefix(scanner.Text(), "listening ")
		if !ok {
			before = append(before, scanner.Text())
			continue
		}
		addresses := map[string]string{}
		for field := range strings.FieldsSeq(rest) {
			protocol, address, _ := strings.Cut(field, "=")
			addresses[protocol] = address
		}
		go func() { _, _ = io.Copy(io.Discard, log) }()
		return addresses, nil
	}
	return nil, errors.New("the server did not start:\n" + strings.Join(before, "\n"))
}
