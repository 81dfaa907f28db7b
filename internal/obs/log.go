package obs

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// LogOptions say how a log is written.
type LogOptions struct {
	JSON  bool   // one JSON object a line, instead of key=value text
	Level string // debug, info, warn or error; empty is info
}

// NewLogger returns a logger that writes lines, each in one write.
func NewLogger(to io.Writer, options LogOptions) (*slog.Logger, error) {
	level, err := ParseLevel(options.Level)
	if err != nil {
		return nil, err
	}
	handler := &slog.HandlerOptions{Level: level}
	if options.JSON {
		return slog.New(slog.NewJSONHandler(to, handler)), nil
	}
	return slog.New(slog.NewTextHandler(to, handler)), nil
}

// ParseLevel reads the name of a level.
func ParseLevel(name string) (slog.Level, error) {
	var level slog.Level
	if name == "" {
		return level, nil
	}
	if err := level.UnmarshalText([]byte(strings.ToUpper(name))); err != nil {
		return level, fmt.Errorf("log level %q is none of debug, info, warn, error", name)
	}
	return level, nil
}
