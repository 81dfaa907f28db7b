package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// serve runs a server until ctx ends, and then lets its sessions finish.
func serve(ctx context.Context, std streams, s settings) error {
	governMemory(ctx, int64(s.Server.MemoryLimit))
	// From here on a SIGHUP, which ends other programs, waits for its turn.
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	srv, err := newServer(ctx, std, s)
	if err != nil {
		return err
	}
	err = srv.run(ctx, std, hangup)
	srv.directory.Close()
	return errors.Join(err, srv.store.Close())
}

// run opens the listeners, says so, and serves.
func (s *server) run(ctx context.Context, std streams, hangup <-chan os.Signal) error {
	listeners, err := listenAll(s.listeners)
	if err != nil {
		return err
	}
	socket, err := listenControl(s.Data)
	if err != nil {
		closeAll(listeners)
		return err
	}
	first, err := s.firstAccount(ctx)
	if err != nil {
		closeAll(listeners)
		return errors.Join(err, socket.Close())
	}
	s.control = &controlServer{logger: s.logger, carryOut: s.administer, listener: socket}
	var running sync.WaitGroup
	broken := make(chan error, len(listeners))
	for _, l := range listeners {
		running.Go(func() {
			if err := s.speakers[l.protocol](l.Listener); err != nil {
				broken <- fmt.Errorf("%s on %s: %w", l.protocol, l.Addr(), err)
			}
		})
	}
	controlContext, endControl := context.WithCancel(context.WithoutCancel(ctx))
	defer endControl()
	running.Go(func() { s.control.serve(controlContext) })
	if s.file == "" {
		fmt.Fprint(std.out, s.welcome(ctx, listeners, first))
	}
	fmt.Fprintln(std.err, readyLine(listeners))
	s.logger.Info("server started", "version", version(), "data", s.Data, "descriptors", descriptorLimit())
	if accounts, err := s.directory.Accounts(ctx); err == nil && len(accounts) == 0 {
		s.logger.Warn("there are no accounts yet; restante account add makes one")
	}
	err = s.wait(ctx, broken, hangup)
	s.shutdown(&running, endControl)
	return err
}

// wait serves signals until the server is to end.
func (s *server) wait(ctx context.Context, broken <-chan error, hangup <-chan os.Signal) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-broken:
			return err
		case <-hangup:
			if err := s.reload(ctx); err != nil {
				s.logger.Error("reload failed; everything stays as it was", "error", err)
				continue
			}
			s.logger.Info("configuration and certificates reloaded")
		}
	}
}

// shutdown lets every session finish what it does, for a bounded time.
func (s *server) shutdown(running *sync.WaitGroup, endControl func()) {
	s.logger.Info("server is shutting down", "drain", time.Duration(s.Server.DrainTimeout).String())
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(s.Server.DrainTimeout))
	defer cancel()
	var ending sync.WaitGroup
	for _, service := range s.services {
		ending.Go(func() {
			if err := service.Shutdown(ctx); err != nil {
				s.logger.Warn("sessions were cut off", "error", err)
			}
		})
	}
	ending.Wait()
	endControl()
	s.control.shutdown()
	running.Wait()
	s.logger.Info("server stopped")
}

// administer carries out an operation that came through the socket, and ends
// the sessions that may no longer go on.
func (s *server) administer(ctx context.Context, request controlRequest, tell teller) (json.RawMessage, error) {
	var named accountArguments
	ends := operations[request.Operation].ends
	if ends {
		if err := json.Unmarshal(request.Arguments, &named); err != nil {
			return nil, err
		}
	}
	account, _ := s.directory.Account(ctx, named.Account)
	result, err := carryOut(ctx, office{s.store, s.directory, s.hostname, tell}, request.Operation, request.Arguments)
	if err == nil && ends {
		s.endSessions(account.ID)
	}
	return result, err
}
