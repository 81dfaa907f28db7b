package obs

import (
	"strconv"
	"strings"
)

// pop3Cutter knows POP3: PASS, APOP and AUTH, and the messages that RETR and
// TOP bring.
type pop3Cutter struct {
	authenticating bool
	asked          []string // commands without a reply, in order
}

// pop3AskedMax bounds what a client may have asked before the server replies.
const pop3AskedMax = 10000

func (c *pop3Cutter) clientLine(line string) verdict {
	if c.authenticating {
		return verdict{show: cut}
	}
	name, arguments, _ := strings.Cut(line, " ")
	name = strings.ToUpper(name)
	if len(c.asked) < pop3AskedMax {
		c.asked = append(c.asked, name)
	}
	switch name {
	case "PASS", "APOP":
		return verdict{show: name + " " + cut}
	case "AUTH":
		mechanism, initial, _ := strings.Cut(arguments, " ")
		c.authenticating = mechanism != ""
		if initial != "" {
			mechanism += " " + cut
		}
		return verdict{show: name + " " + mechanism}
	}
	return verdict{show: line}
}

func (c *pop3Cutter) serverLine(line string) verdict {
	ok := strings.HasPrefix(line, "+OK")
	if !ok && !strings.HasPrefix(line, "-ERR") {
		if c.authenticating && len(line) > 2 {
			return verdict{show: "+ " + cut}
		}
		return verdict{show: line} // of a listing
	}
	c.authenticating = false
	if len(c.asked) == 0 {
		return verdict{show: line} // the greeting
	}
	name := c.asked[0]
	c.asked = c.asked[1:]
	return verdict{show: line, foldLines: ok && (name == "RETR" || name == "TOP")}
}

// smtpCutter knows SMTP and LMTP: AUTH, and messages after DATA and BDAT.
type smtpCutter struct {
	authenticating bool
	data           bool
}

func (c *smtpCutter) clientLine(line string) verdict {
	if c.authenticating {
		return verdict{show: cut}
	}
	name, arguments, _ := strings.Cut(line, " ")
	switch strings.ToUpper(name) {
	case "AUTH":
		c.authenticating = true
		mechanism, initial, _ := strings.Cut(arguments, " ")
		if initial != "" {
			mechanism += " " + cut
		}
		return verdict{show: name + " " + mechanism}
	case "BDAT":
		// RFC 3030 §2: the chunk follows the command at once.
		size, _, _ := strings.Cut(strings.TrimLeft(arguments, " "), " ")
		n, err := strconv.ParseInt(size, 10, 64)
		if err != nil || n < 0 {
			n = 0
		}
		return verdict{show: line, fold: n}
	}
	if c.data {
		// The message begins: its first line is this one, and a message
		// without lines is a dot.
		c.data = false
		if line == "." {
			return verdict{show: line}
		}
		return verdict{skip: true, foldLines: true}
	}
	return verdict{show: line}
}

func (c *smtpCutter) serverLine(line string) verdict {
	switch {
	case strings.HasPrefix(line, "354"):
		c.data = true
	case strings.HasPrefix(line, "334"):
		if len(line) > 4 {
			return verdict{show: "334 " + cut}
		}
	default:
		c.authenticating = false
	}
	return verdict{show: line}
}
