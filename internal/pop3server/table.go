package pop3server

// state is where a session stands (RFC 1939 §3).
type state uint8

const (
	authorization state = 1 << iota
	transaction
)

// command is what a command is.
type command struct {
	in state
	// least and most are how many arguments it takes; one that takes a rest
	// gets everything behind the name as a single argument.
	least, most int
	rest        bool
	run         func(s *session, arguments []string) error
}

// commandTable returns all commands by name.
func commandTable() map[string]*command {
	return map[string]*command{
		"CAPA": {in: authorization | transaction, run: (*session).capabilities},
		"QUIT": {in: authorization | transaction, run: (*session).quit},

		"STLS": {in: authorization, run: (*session).startTLS},
		"USER": {in: authorization, least: 1, most: 1, rest: true, run: (*session).user},
		"PASS": {in: authorization, least: 1, most: 1, rest: true, run: (*session).pass},
		"AUTH": {in: authorization, least: 1, most: 2, run: (*session).authenticate},

		"STAT": {in: transaction, run: (*session).stat},
		"LIST": {in: transaction, most: 1, run: (*session).list},
		"UIDL": {in: transaction, most: 1, run: (*session).uidl},
		"RETR": {in: transaction, least: 1, most: 1, run: (*session).retrieve},
		"TOP":  {in: transaction, least: 2, most: 2, run: (*session).top},
		"DELE": {in: transaction, least: 1, most: 1, run: (*session).remove},
		"RSET": {in: transaction, run: (*session).reset},
		"NOOP": {in: transaction, run: (*session).noop},
	}
}
