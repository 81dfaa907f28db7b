package transfer

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/restante/restante/imap"
)

// uidList is what dovecot-uidlist says of a folder.
type uidList struct {
	validity imap.UIDValidity
	next     imap.UID
	uids     map[string]imap.UID // by file name without flags
}

// readLists reads what Dovecot keeps beside the messages. Missing lists are
// usual, damaged ones a problem, and what can be read of them is used.
func (m *maildirFolder) readLists(report *Report) {
	m.uids.uids = map[string]imap.UID{}
	path, first := filepath.Join(m.path, "dovecot-uidlist"), true
	err := eachLine(path, func(line string) {
		if first {
			first = false
			if !m.uids.readHeader(line) {
				report.problem(path, "its first line is damaged, so that UIDs are not kept")
			}
			return
		}
		if !m.uids.readLine(line) {
			report.problem(path, "cannot read line %q", line)
		}
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		report.problem(path, "%v", err)
	}
	if m.uids.validity == 0 {
		m.uids = uidList{}
	}
	path = filepath.Join(m.path, "dovecot-keywords")
	err = eachLine(path, func(line string) {
		number, name, ok := strings.Cut(line, " ")
		n, err := strconv.Atoi(number)
		if !ok || err != nil || n < 0 || n >= len(m.keywords) || !isKeyword(name) {
			report.problem(path, "cannot read line %q", line)
			return
		}
		m.keywords[n] = imap.Flag(name)
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		report.problem(path, "%v", err)
	}
}

// readHeader reads the first line: "3 V<UIDVALIDITY> N<UIDNEXT> G<id>", or
// "1 <UIDVALIDITY> <UIDNEXT>" of old.
func (u *uidList) readHeader(line string) bool {
	fields := strings.Fields(line)
	if len(fields) < 3 {
		return false
	}
	validity, next := "", ""
	switch fields[0] {
	case "1":
		validity, next = fields[1], fields[2]
	case "3":
		for _, field := range fields[1:] {
			switch field[0] {
			case 'V':
				validity = field[1:]
			case 'N':
				next = field[1:]
			}
		}
	}
	v, err := strconv.ParseUint(validity, 10, 32)
	n, err2 := strconv.ParseUint(next, 10, 32)
	if err != nil || err2 != nil || v == 0 || n == 0 {
		return false
	}
	u.validity, u.next = imap.UIDValidity(v), imap.UID(n)
	return true
}

// readLine reads "<UID> [fields] :<name>", or "<UID> <name>" of old.
func (u *uidList) readLine(line string) bool {
	number, rest, ok := strings.Cut(line, " ")
	uid, err := strconv.ParseUint(number, 10, 32)
	if !ok || err != nil || uid == 0 {
		return false
	}
	name := rest
	if strings.HasPrefix(rest, ":") {
		name = rest[1:]
	} else if _, after, ok := strings.Cut(rest, " :"); ok {
		name = after
	}
	base, _ := splitFlags(name)
	u.uids[base] = imap.UID(uid)
	// Dovecot writes the first line again only now and then.
	u.next = max(u.next, imap.UID(uid)+1)
	return true
}

// isKeyword reports whether a keyword can be written as a flag
// (RFC 9051 §9, flag-keyword).
func isKeyword(name string) bool {
	if name == "" || len(name) > 255 {
		return false
	}
	for i := range len(name) {
		if name[i] <= ' ' || name[i] >= 0x7f || strings.IndexByte(`(){%*"\]`, name[i]) >= 0 {
			return false
		}
	}
	return true
}

// eachLine calls use with the lines of a small file.
func eachLine(path string, use func(string)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, lineMax)
	for lines.Scan() {
		use(strings.TrimSuffix(lines.Text(), "\r"))
	}
	return lines.Err()
}
