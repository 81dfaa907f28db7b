package transcript

import (
	"fmt"
	"strings"
)

// translate writes the helper lines out for the dialect:
//
//	found 2 4          the result of a SEARCH (RFC 9051 §7.3.4, RFC 3501 §7.2.5)
//	found uid $u2      the same of UID SEARCH
//	gone 2 $u2         message 2, UID $u2, leaves (RFC 9051 §7.5.1, RFC 7162 §3.2.10,
//	                   RFC 9586 §3.4)
func (r *caseRun) translate(e expectation) (string, error) {
	words := strings.Fields(e.text)
	if words[0] == "closed" && len(words) > 1 {
		return "", fmt.Errorf("nothing may follow \"closed\"")
	}
	switch words[0] {
	case "found":
		return r.found(words[1:]), nil
	case "gone":
		return r.gone(words[1:])
	}
	return e.text, nil
}

func (r *caseRun) found(words []string) string {
	uid := ""
	if len(words) > 0 && words[0] == "uid" {
		uid, words = " UID", words[1:]
	}
	if !r.dialect.has("rev2") {
		return strings.TrimSpace("* SEARCH " + strings.Join(words, " "))
	}
	if len(words) == 0 {
		return "* ESEARCH (TAG $tag)" + uid + " !ALL"
	}
	return "* ESEARCH (TAG $tag)" + uid + " ALL " + strings.Join(words, ",")
}

func (r *caseRun) gone(words []string) (string, error) {
	switch {
	case len(words) == 0 && r.dialect.tellsVanished():
		return "* VANISHED <rest>", nil
	case len(words) == 0:
		return "* <n> EXPUNGE", nil
	case len(words) != 2:
		return "", fmt.Errorf("write: gone NUMBER UID")
	case r.dialect.tellsVanished():
		return "* VANISHED <covers " + words[1] + ">", nil
	}
	return "* " + words[0] + " EXPUNGE", nil
}
