package transcript

import (
	"slices"
	"strconv"
	"strings"
)

// A client that enables UIDONLY (RFC 9586) may not name messages by number and
// is never told one. Cases are written with numbers all the same: what the
// runner sends is restated in UIDs, and what it reads in the numbers that the
// ledger knows, as a client would do that has a list of messages to show. What
// the server really said is judged before. A case with "numbers: plain" is
// played as it is written.

// setCommands are the commands whose first argument is a set of numbers.
var setCommands = []string{"FETCH", "STORE", "COPY", "MOVE", "REPLACE", "CONVERT"}

// searchCommands are those whose keys may hold such a set, and which answer in
// numbers.
var searchCommands = []string{"SEARCH", "SORT", "THREAD"}

// translates reports whether the connection stands between numbers and UIDs.
func (s *session) translates() bool { return s.restates && s.ledger.enabled["UIDONLY"] }

// restate returns a command in UIDs, and notes whether its answer is to be read
// in numbers. Without numbers, or with such as do not exist, the command is as
// it was.
func (s *session) restate(tag, text string) string {
	if !s.translates() {
		return text
	}
	name, rest, _ := strings.Cut(text, " ")
	name = strings.ToUpper(name)
	switch {
	case slices.Contains(setCommands, name):
		set, rest, _ := strings.Cut(rest, " ")
		uids, ok := s.ledger.inUIDs(set)
		if !ok {
			return text
		}
		s.inNumbers(tag)
		return strings.TrimRight("UID "+name+" "+uids+" "+rest, " ")
	case slices.Contains(searchCommands, name):
		keys, ok := s.ledger.keysInUIDs(rest)
		if !ok {
			return text
		}
		s.inNumbers(tag)
		return strings.TrimRight("UID "+name+" "+keys, " ")
	case name == "UID":
		command, keys, _ := strings.Cut(rest, " ")
		if slices.Contains(searchCommands, strings.ToUpper(command)) {
			if keys, ok := s.ledger.keysInUIDs(keys); ok {
				return "UID " + command + " " + keys
			}
		}
	}
	return text
}

func (s *session) inNumbers(tag string) {
	if s.numbered == nil {
		s.numbered = map[string]bool{}
	}
	s.numbered[tag] = true
}

// inUIDs turns a set of numbers into one of UIDs. "*" stays: it is the last
// message there, too; and so does "$".
func (l *ledger) inUIDs(set string) (string, bool) {
	if set == "$" {
		return set, true
	}
	var out []string
	for _, part := range strings.Split(set, ",") {
		low, high, isRange := strings.Cut(part, ":")
		a, okA := l.uidAt(low)
		b, okB := l.uidAt(high)
		switch {
		case !okA || isRange && !okB:
			return "", false
		case isRange:
			out = append(out, a+":"+b)
		default:
			out = append(out, a)
		}
	}
	return strings.Join(out, ","), true
}

func (l *ledger) uidAt(number string) (string, bool) {
	if number == "*" {
		return number, len(l.uids) > 0
	}
	n, err := strconv.ParseUint(number, 10, 32)
	if err != nil || n == 0 || number[0] == '0' || int(n) > len(l.uids) || slices.Contains(l.uids[:n], 0) {
		return "", false
	}
	return strconv.FormatUint(uint64(l.uids[n-1]), 10), true
}

// keyArguments is how many arguments follow a search key in which a number means
// something else than a message.
var keyArguments = map[string]int{
	"BCC": 1, "BODY": 1, "CC": 1, "FROM": 1, "KEYWORD": 1, "UNKEYWORD": 1, "SUBJECT": 1, "TEXT": 1, "TO": 1, "HEADER": 2,
	"LARGER": 1, "SMALLER": 1, "UID": 1, "OLDER": 1, "YOUNGER": 1, "UIDAFTER": 1, "UIDBEFORE": 1, "EMAILID": 1, "THREADID": 1,
	"FILTER": 1, "ANNOTATION": 3, "CHARSET": 1,
}

// keysInUIDs puts UID before the sets of numbers among search keys.
func (l *ledger) keysInUIDs(text string) (string, bool) {
	var b strings.Builder
	skip, parens, skipList := 0, 0, false
	for text != "" {
		token := searchToken(text)
		text = text[len(token):]
		upper := strings.ToUpper(token)
		switch {
		case token == " ":
		case token == "(":
			parens++
		case token == ")":
			if parens--; parens == 0 {
				skipList = false
			}
		case skipList && parens > 0:
		case skip > 0:
			skip--
		case upper == "RETURN":
			skipList = true
		case upper == "MODSEQ":
			if skip = 1; strings.HasPrefix(text, ` "`) {
				skip = 3
			}
		case keyArguments[upper] > 0:
			skip = keyArguments[upper]
		case token != "" && strings.Trim(token, "0123456789:,*") == "":
			uids, ok := l.inUIDs(token)
			if !ok {
				return "", false
			}
			token = "UID " + uids
		}
		b.WriteString(token)
	}
	return b.String(), true
}

// searchToken returns the next token: a space, a parenthesis, a string with its
// quotes, or a word.
func searchToken(text string) string {
	if strings.IndexByte(" ()", text[0]) >= 0 {
		return text[:1]
	}
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && strings.IndexByte(" ()", c) >= 0:
			return text[:i]
		}
	}
	return text
}
