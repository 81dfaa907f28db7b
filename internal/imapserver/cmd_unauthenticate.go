package imapserver

import (
	"time"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/query"
)

// unauthenticate is UNAUTHENTICATE (RFC 8437 §3): everything that the connection
// has come to since its beginning is forgotten, except TLS. It never fails.
func (s *session) unauthenticate() (outcome, error) {
	s.closeSelection()
	s.stopNotifying(nil)
	s.own = nil
	s.account, s.identity = nil, auth.Identity{}
	s.owner.Store(0)
	s.leaveAccount()
	s.leaveAccount = nil
	s.again = true
	s.state, s.dialect, s.badInRow = notAuthenticated, Dialect{}, 0
	s.collation, s.modSeqTold = query.Collation{}, 0
	s.deadline = s.now().Add(s.server.options.Limits.AuthenticationTime)
	s.limits = s.server.wireLimits(false)
	s.fragmenter.SetLimits(s.limits)
	s.log.Info("logged out, and the connection goes on")
	s.log = s.connectionLog
	s.after = func() error {
		s.enc.SetMode(s.dialect.mode())
		s.speak(nil)
		if s.conn.compressed == nil {
			return nil
		}
		if err := s.enc.Flush(); err != nil {
			return err
		}
		if err := s.conn.wire.SetReadDeadline(time.Now().Add(s.patience())); err != nil {
			return err
		}
		return s.conn.stopCompression()
	}
	return outcome{}, nil
}

// isLoggedIn reports whether there is an account to leave.
func (s *session) isLoggedIn() bool { return s.state != notAuthenticated }
