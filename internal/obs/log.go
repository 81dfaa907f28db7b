package obs

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// NewLogger returns a logger that writes lines, each in one write: JSON
// objects, or key=value text. The level may change while it is in use.
func NewLogger(to io.Writer, asJSON bool, level slog.Leveler) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if asJSON {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

// ParseLevel reads the name of a level; none is info.
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
