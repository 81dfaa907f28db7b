package obs

import (
	"regexp"
	"strconv"
	"strings"
)

// cut stands where a credential was.
const cut = "[cut]"

// imapCutter knows IMAP: the arguments of LOGIN and of AUTHENTICATE, and the
// responses that follow the latter until the server ends the command.
type imapCutter struct {
	// argument says that the next line goes on behind a literal, of a command
	// whose arguments are secret or not.
	argument bool
	secret   bool
	// waiting is a literal that begins only if the server agrees: if it does
	// not, what follows is another command.
	waiting int64
	// authenticating says that client lines are SASL responses.
	authenticating bool
}

func (c *imapCutter) clientLine(line string) verdict { return withoutTokens(c.client(line)) }
func (c *imapCutter) serverLine(line string) verdict { return withoutTokens(c.server(line)) }

// urlToken finds the token of a URL that is authorized, behind its access
// identifier and its mechanism (RFC 4467 §9).
var urlToken = regexp.MustCompile(`(?i)(;URLAUTH=[^:\s"]*:[^:\s"]*:)[^\s"\[]+`)

// withoutTokens cuts the tokens of URLs: whoever has one may read the message.
func withoutTokens(v verdict) verdict {
	v.show = urlToken.ReplaceAllString(v.show, "${1}"+cut)
	return v
}

func (c *imapCutter) client(line string) verdict {
	if c.authenticating {
		return verdict{show: cut}
	}
	count, atOnce := literal(line)
	v := verdict{show: line, secret: c.secret && c.argument}
	if v.secret {
		v.show = cut
	} else if !c.argument {
		v.show, v.secret = c.command(line)
	}
	c.secret, c.argument, c.waiting = v.secret, count >= 0, 0
	switch {
	case atOnce:
		v.fold = count
	case count > 0:
		c.waiting = count
	}
	return v
}

// command shows the first line of a command, and says whether its arguments
// are secret.
func (c *imapCutter) command(line string) (show string, secret bool) {
	tag, rest, _ := strings.Cut(line, " ")
	name, arguments, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	switch strings.ToUpper(name) {
	case "LOGIN":
		return tag + " " + name + " " + cut, true
	case "AUTHENTICATE":
		mechanism, initial, found := strings.Cut(strings.TrimLeft(arguments, " "), " ")
		count, _ := literal(line)
		switch {
		case count >= 0:
			return tag + " " + name + " " + cut, true
		case found && initial != "":
			mechanism += " " + cut
		}
		c.authenticating = true
		return tag + " " + name + " " + mechanism, false
	}
	if rest == "" || strings.Contains(imapCommands, " "+strings.ToUpper(name)+" ") {
		return line, false
	}
	return tag + " " + letters(name) + " " + cut, true
}

// imapCommands are the names whose arguments are shown. What has another name
// may be a LOGIN that somebody mistyped or sent without a tag.
const imapCommands = " APPEND CAPABILITY CHECK CLOSE COMPARATOR COPY CREATE DELETE ENABLE EXAMINE EXPUNGE FETCH ID IDLE " +
	"LIST LOGOUT LSUB MOVE NAMESPACE NOOP RENAME REPLACE RLIST RLSUB SEARCH SELECT SORT STARTTLS STATUS STORE SUBSCRIBE THREAD UID " +
	"UNSELECT UNSUBSCRIBE "

// letters returns a name up to its first octet that is in no command's name: a
// secret may follow, behind a tabulator for one.
func letters(name string) string {
	end := strings.IndexFunc(name, func(r rune) bool { return !('a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9') })
	if end < 0 {
		return name
	}
	return name[:end]
}

// serverLine ends an AUTHENTICATE at the first line that is neither a
// continuation nor untagged. What a server sends holds no password, but the
// challenges of SASL are cut too: they help to guess one.
func (c *imapCutter) server(line string) verdict {
	continuation := strings.HasPrefix(line, "+")
	switch {
	case continuation && c.authenticating && len(line) > 2:
		return verdict{show: "+ " + cut}
	case continuation && c.waiting > 0:
		v := verdict{show: line, clientFold: c.waiting, secret: c.secret}
		c.waiting = 0
		return v
	case !continuation && !strings.HasPrefix(line, "*"):
		c.authenticating = false
		if c.waiting > 0 {
			c.waiting, c.argument = 0, false
		}
	}
	count, _ := literal(line)
	return verdict{show: line, fold: max(count, 0)}
}

// literal returns how many octets a line announces at its end, -1 if none,
// and whether they come without an answer (RFC 9051 §4.3, RFC 7888 §4).
func literal(line string) (count int64, atOnce bool) {
	inner, ok := strings.CutSuffix(line, "}")
	open := strings.LastIndexByte(inner, '{')
	if !ok || open < 0 {
		return -1, false
	}
	digits, atOnce := strings.CutSuffix(inner[open+1:], "+")
	count, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || count < 0 {
		return -1, false
	}
	return count, atOnce
}
