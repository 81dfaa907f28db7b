package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"
)

// controlServer answers the commands of administrators.
type controlServer struct {
	logger   *slog.Logger
	carryOut func(ctx context.Context, request controlRequest, tell teller) (json.RawMessage, error)
	listener net.Listener
	running  sync.WaitGroup
}

// listenControl takes the place of the socket that a server before this one
// left behind: whoever holds the store's lock is the only server.
func listenControl(data string) (net.Listener, error) {
	var listener net.Listener
	err := withSocketPath(data, func(path string) error {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		made, err := net.Listen("unix", path)
		if err != nil {
			return err
		}
		// The directory is its owner's alone; so is the socket.
		if err := os.Chmod(path, 0o600); err != nil {
			return errors.Join(err, made.Close())
		}
		listener = made
		return nil
	})
	return listener, err
}

// serve answers until the listener is closed.
func (s *controlServer) serve(ctx context.Context) {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.running.Go(func() { s.answer(ctx, conn) })
	}
}

// answer carries out one request. It ends with the connection: whoever asked
// and went away wants no answer.
func (s *controlServer) answer(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(controlTimeout))
	lines := controlLines(conn)
	if !lines.Scan() {
		return
	}
	_ = conn.SetDeadline(time.Time{})
	var request controlRequest
	var reply controlReply
	err := json.Unmarshal(lines.Bytes(), &request)
	if err == nil {
		ctx, cancel := context.WithCancel(ctx)
		s.running.Go(func() { lines.Scan(); cancel() })
		defer cancel()
		reply.Result, err = s.carryOut(ctx, request, teller{
			progress: func(p progress) { _ = json.NewEncoder(conn).Encode(controlReply{Progress: &p}) },
			print:    func(text string) { _ = json.NewEncoder(conn).Encode(controlReply{Text: text}) },
		})
	}
	result := "ok"
	if err != nil {
		reply.Error, result = err.Error(), err.Error()
	}
	s.logger.Info("administration", "operation", request.Operation, "result", result)
	_ = json.NewEncoder(conn).Encode(reply)
}

// shutdown stops listening and waits for what is under way.
func (s *controlServer) shutdown() {
	s.listener.Close()
	s.running.Wait()
}
