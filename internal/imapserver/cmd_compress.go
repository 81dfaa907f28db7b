package imapserver

import (
	"log/slog"

	"github.com/restante/restante/imap"
)

// compress is COMPRESS (RFC 4978 §3). The tagged OK is the last thing that is not
// compressed.
func (s *session) compress(algorithm string) (outcome, error) {
	switch {
	case !imap.Capability(algorithm).Equal("DEFLATE"):
		return outcome{}, bad("The algorithm is DEFLATE")
	case s.conn.compressed != nil:
		return outcome{}, &reply{
			status: imap.StatusBad, code: imap.CodeCompressionActive, text: "DEFLATE is active already", level: slog.LevelDebug,
		}
	}
	s.after = func() error {
		if err := s.enc.Flush(); err != nil {
			return err
		}
		s.conn.startCompression()
		return nil
	}
	return outcome{text: "DEFLATE active"}, nil
}

// offersCompression reports whether COMPRESS can be given now.
func (s *session) offersCompression() bool {
	return s.state != notAuthenticated && s.conn.compressed == nil
}
