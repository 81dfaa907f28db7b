package transcript

import (
	"slices"
	"strings"
	"testing"
)

// ledgerBreach is responses to a command, and what is wrong with them; "" if nothing is.
type ledgerBreach struct{ command, responses, breach string }

// convertBreaches are those of CONVERT (RFC 5259 §8.1, §10).
var convertBreaches = []ledgerBreach{
	{"CONVERT", "* 3 EXISTS|* 1 EXPUNGE", "during CONVERT"},
	{"UID CONVERT", "* 3 EXISTS|* 1 CONVERTED (TAG \"A1\") (UID 7 BINARY.SIZE[1] 3)|* 1 EXPUNGE", ""},
	{"UID CONVERT", "* 3 EXISTS|* 1 CONVERTED (TAG \"A1\") (BINARY.SIZE[1] 3)", "without UID"},
	{"CONVERT", "* 3 EXISTS|* 1 CONVERTED (TAG \"A2\") (BINARY.SIZE[1] 3)", "no command"},
	{"CONVERT", "* 3 EXISTS|* 4 CONVERTED (TAG \"A1\") (BINARY.SIZE[1] 3)", "message number 4"},
	{"CONVERT", "* 3 EXISTS|* 1 CONVERTED (TAG \"A1\") (BINARY.SIZE[1] 3 UID 7)", "not the first"},
	{"CONVERT", "* 3 EXISTS|* 1 CONVERTED (TAG \"A1\") ()", "no items"},
	{"CONVERT", "* 3 EXISTS|* 1 CONVERTED (TAG \"A1\") (BINARY.SIZE[1] x)", "a number"},
	{"CONVERT", "* 3 EXISTS|* 1 CONVERTED (TAG \"A1\") (AVAILABLECONVERSIONS[1] (\"a/b\"))", "list in a list"},
	{"CONVERT", "* 3 EXISTS|* 1 CONVERTED (TAG \"A1\") (BINARY[1] (ERROR \"x\" BADPARAMETERS NIL \"a/b\"))", ""},
	{"CONVERT", "* 3 EXISTS|* 1 CONVERTED (TAG \"A1\") (BINARY[1] (ERROR \"x\" BADPARAMETERS (a b)))", "two media types"},
	{"CONVERT", "* 3 EXISTS|* 1 CONVERTED (TAG \"A1\") (BINARY[1] (ERROR \"x\" OTHER))", "no code"},
	{"CONVERT", "* ENABLED UIDONLY|* 1 EXISTS|* 7 CONVERTED (TAG \"A1\") (UID 8 BINARY.SIZE[1] 3)", "UID"},
}

// smallBreaches are those of small extensions.
var smallBreaches = []ledgerBreach{
	{"SEARCH", "* OK [INPROGRESS] x|* OK [INPROGRESS (\"A1\" 1 2)] x|* OK [INPROGRESS (NIL NIL NIL)] x|* OK [INPROGRESS (NIL 5 NIL)] x", ""},
	{"SEARCH", "A1 OK [INPROGRESS] x", "untagged"},
	{"SEARCH", "* NO [INPROGRESS] x", "untagged"},
	{"SEARCH", "* OK [INPROGRESS (\"A1\" 2)] x", "three"},
	{"SEARCH", "* OK [INPROGRESS (\"A1\" 2 2)] x", "2 of 2"},
	{"SEARCH", "* OK [INPROGRESS (\"A1\" NIL 2)] x", "no number"},
	{"SEARCH", "* OK [INPROGRESS (\"A2\" 1 2)] x", "no command"},
	{"SEARCH", "* OK [INPROGRESS (A1 1 2)] x", "the tag"},
	{"ID", "* ID NIL|* ID (\"name\" \"x\" \"os\" NIL)", ""},
	{"ID", "* ID \"name\"", "a list or NIL"},
	{"ID", "* ID (\"name\")", "pairs"},
	{"ID", "* ID (name \"x\")", "no string"},
	{"ID", "* ID (\"name\" x)", "neither NIL"},
	{"ID", "* ID (\"name\" \"x\" \"NAME\" NIL)", "twice"},
	{"SEARCH", "* ESEARCH (TAG \"A1\") ALL 1:2 RELEVANCY (1 100)|* ESEARCH (TAG \"A1\") RELEVANCY ()", ""},
	{"SEARCH", "* ESEARCH (TAG \"A1\") ALL 1:2 RELEVANCY (1 0)", "no score"},
	{"SEARCH", "* ESEARCH (TAG \"A1\") RELEVANCY (101)", "no score"},
	{"LIST", "* LIST (\\HasChildren \\NoInferiors) NIL x", "together"},
}

// The ledger must see each breach of what holds in every conversation.
func TestLedger(t *testing.T) {
	for _, c := range append(slices.Concat(convertBreaches, smallBreaches), []ledgerBreach{
		{"NOOP", "* 3 EXISTS|* 1 EXPUNGE|* 2 EXISTS", ""},
		{"NOOP", "* 3 EXISTS|* 2 EXISTS", "falls"},
		{"NOOP", "* OK caf\u00e9", "8-bit"},
		{"NOOP", "* LANGUAGE (fr)|* OK caf\u00e9|+ caf\u00e9", ""},
		{"NOOP", "* LANGUAGE (fr)|* OK caf\xe9", "UTF-8"},
		{"NOOP", "* LANGUAGE (fr)|* LANGUAGE (I-DEFAULT)|* OK caf\u00e9", "8-bit"},
		{"NOOP", "* LANGUAGE (fr en)|* OK caf\u00e9", "8-bit"},
		{"UNAUTHENTICATE", "* LANGUAGE (fr)|A1 OK caf\u00e9|* OK caf\u00e9", "8-bit"},
		{"NOOP", "* ENABLED UTF8=ACCEPT|* OK caf\u00e9", ""},
		{"FETCH", "* 3 EXISTS|* 1 EXPUNGE", "during FETCH"},
		{"UID FETCH", "* 3 EXISTS|* 1 EXPUNGE", ""},
		{"NOOP", "* 3 EXISTS|* 4 EXPUNGE", "message number 4"},
		{"NOOP", "* 3 EXISTS|* 4 FETCH (UID 9)", "message number 4"},
		{"NOOP", "* 3 EXISTS|* 1 FETCH (UID 9)|* 2 FETCH (UID 8)", "must rise"},
		{"NOOP", "* 3 EXISTS|* 1 FETCH (UID 9)|* 1 FETCH (UID 8)", "had UID"},
		{"NOOP", "* 3 EXISTS|* VANISHED 4", "not enabled"},
		{"NOOP", "* ENABLED QRESYNC|* 3 EXISTS|* 1 EXPUNGE", "QRESYNC"},
		{"NOOP", "* ENABLED QRESYNC|* 3 EXISTS|* VANISHED 4:9", "vanish"},
		{"NOOP", "* ENABLED IMAP4rev2|* 0 RECENT", "RECENT"},
		{"NOOP", "* ENABLED IMAP4rev2|* SEARCH 1", "SEARCH"},
		{"FETCH", "* ENABLED IMAP4rev2|* 1 EXISTS|* 1 FETCH (FLAGS (\\Recent))", "Recent"},
		{"NOOP", "* FLAGS (Word)|* 1 EXISTS|* 1 FETCH (FLAGS (word \\Seen))", ""},
		{"NOOP", "* FLAGS (Word)|* 1 EXISTS|* 1 FETCH (FLAGS (Other))", "not announced"},
		{"NOOP", "* ENABLED IMAP4rev2|* 1 EXISTS|* 1 FETCH (FLAGS ())", "must hold UID"},
		{"STORE", "* ENABLED IMAP4rev2|* 1 EXISTS|* 1 FETCH (FLAGS ())", ""},
		{"STORE", "* ENABLED CONDSTORE|* 1 EXISTS|* 1 FETCH (FLAGS ())", "with MODSEQ"},
		{"FETCH", "* ENABLED CONDSTORE|* 1 EXISTS|* 1 FETCH (FLAGS ())", ""},
		{"NOOP", "* ENABLED QRESYNC|* 1 EXISTS|* 1 FETCH (FLAGS () MODSEQ (3))", "with UID"},
		{"LIST", "* LIST (\\HasChildren \\HasNoChildren) NIL x", "together"},
		{"", "* 3 EXISTS|* 1 EXPUNGE", "no command"},
		{"UID FETCH", "* ENABLED UIDONLY|* 2 EXISTS|* 7 UIDFETCH (FLAGS ())|* VANISHED 7", ""},
		{"UID FETCH", "* ENABLED UIDONLY|* 2 EXISTS|* 1 FETCH (UID 7)", "UIDONLY"},
		{"EXPUNGE", "* ENABLED UIDONLY|* 2 EXISTS|* 1 EXPUNGE", "UIDONLY"},
		{"UID FETCH", "* 2 EXISTS|* 7 UIDFETCH (FLAGS ())", "not enabled"},
		{"UID FETCH", "* ENABLED UIDONLY|* 1 EXISTS|* 7 UIDFETCH (FLAGS ())|* 8 UIDFETCH (FLAGS ())", "other UIDs"},
		{"UID FETCH", "* ENABLED UIDONLY|* 1 EXISTS|* 7 UIDFETCH (UID 8)", "has UID 8"},
		{"UID FETCH", "* ENABLED UIDONLY|* 1 EXISTS|* VANISHED (EARLIER) 7", "not enabled"},
		{"SEARCH", "* ENABLED UIDONLY|* SEARCH 1", "message numbers"},
		{"UID SEARCH", "* ENABLED UIDONLY|* SEARCH 1", ""},
		{"UID SEARCH", "* ENABLED UIDONLY|* ESEARCH (TAG \"a\") ALL 1", "without UID"},
		{"SELECT", "* ENABLED UIDONLY|* OK [UNSEEN 2] x", "UNSEEN"},
		{"UID COPY", "* ENABLED UIDONLY|* NO [UIDNOTSTICKY] x", "UIDNOTSTICKY"},
	}...) {
		l := newLedger(true)
		if c.command != "" {
			l.sent("A1", c.command)
		}
		var breach error
		for _, line := range strings.Split(c.responses, "|") {
			r, err := parse(line+"\r\n", true)
			if err != nil {
				t.Fatal(err)
			}
			if err := l.observe(r); err != nil {
				breach = err
			}
		}
		switch {
		case c.breach == "" && breach != nil, c.breach != "" && breach == nil:
			t.Errorf("%s, %s: %v", c.command, c.responses, breach)
		case breach != nil && !strings.Contains(breach.Error(), c.breach):
			t.Errorf("%s, %s: %v, not %q", c.command, c.responses, breach, c.breach)
		}
	}
}
