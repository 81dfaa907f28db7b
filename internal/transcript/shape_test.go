package transcript

import (
	"strings"
	"testing"
	"testing/fstest"
)

// The aim: a line that no response can meet is refused when its case is loaded, with its
// line, because what must not come then never comes.
func TestLoadRefusesShapes(t *testing.T) {
	for line, reason := range map[string]string{
		"S! * 1 FETCH FLAGS":                           "followed by one list",
		"S! * 1 FETCH":                                 "followed by one list",
		"S! * 1 FETCH (FLAGS)":                         "FLAGS has no value",
		"S: * 1 FETCH (FLAGS <rest> UID 1)":            "the value of FLAGS",
		"S: * 1 FETCH (<any> 1)":                       "the name of an item",
		"S: * 1 FETCH (UID !1)":                        "the value of UID",
		"S: * 1 FETCH (ENVELOPE (!a))":                 "no meaning in a list",
		"S! * FETCH <any>":                             "a number before it",
		"S! * 1 UIDFETCH FLAGS":                        "followed by one list",
		"S! * STATUS box":                              "a name and one list",
		"S! * STATUS box MESSAGES":                     "a name and one list",
		"S: * STATUS box (MESSAGES)":                   "MESSAGES has no value",
		"S! * 2 STATUS <rest>":                         "no number before it",
		"S! * LIST ()":                                 "a list of attributes",
		"S! * LIST box":                                "a list of attributes",
		`S! * LIST Marked "/" box`:                     "a list of attributes",
		`S! * LIST () "/" box () more`:                 "a list of attributes",
		`S! * LIST () "/" box (CHILDINFO)`:             "CHILDINFO has no value",
		`S! * LSUB <rest> "/" box`:                     "a list of attributes",
		"S! * FLAGS":                                   "followed by one list",
		"S! * FLAGS <rest>":                            "followed by one list",
		"S! * EXISTS":                                  "a number before it",
		"S! * EXPUNGE":                                 "a number before it",
		"S! * 3 EXISTS now":                            "nothing follows it",
		"S! * <any> EXPUNGE <rest>":                    "nothing follows it",
		"S! * CAPABILITY <rest> IDLE":                  "nothing may follow <rest>",
		"S! * ESEARCH (TAG x) UID ALL":                 "ALL has no value",
		"S! * ESEARCH <any>":                           "the name of an item",
		"S! * QUOTA root":                              "a root and a list",
		"S! * QUOTA root (STORAGE 1)":                  "a usage and a limit",
		"S! * ACL box user":                            "pairs of identifier",
		"S! * MYRIGHTS box":                            "2 items",
		"S! * LISTRIGHTS box user":                     "at least 3 items",
		"S! * METADATA box":                            "a name and entries",
		"S! * METADATA box (/private/comment)":         "has no value",
		"S! * METADATA box (/private/comment \"x\") y": "one list of values",
		"S! * URLFETCH <any>":                          "at least 2 items",
		"S! * 1 CONVERTED (TAG x) BINARY":              "the tag and one list",
		"S! * VANISHED !3":                             "no meaning in a list",
		"S! * VANISHED <rest> 3":                       "nothing may follow <rest>",
		"S! * NAMESPACE ()":                            "3 items",
		"S! * SEEN 3":                                  "there is no response",
		"S! * OK [UNSEEN]":                             "always tells something",
		"S! OK [COPYUID]":                              "always tells something",
		"S! * OK [CLOSED 3]":                           "nothing follows CLOSED",
		"S! NO [TRYCREATE <any>]":                      "nothing follows TRYCREATE",
		"S! * <gt x> EXISTS":                           "needs a number",
		"S! * VANISHED <covers 3;4>":                   "<covers 3;4>",
		`S! * 1 FETCH (BODY[] <re (>)`:                 "missing closing",
		"S! closed":                                    "behind S: alone",
		"S/ OK":                                        "followed by NO or BAD",
		"S/ * 3 EXISTS":                                "followed by NO or BAD",
	} {
		checkRefused(t, "C: NOOP\n"+line, reason)
	}
	for body, reason := range map[string]string{
		"C: NOOP\nB C: NOOP\nS! * 3 EXISTS":        "nothing is read for this line alone",
		"R: x1 NOOP\\r\\n\nS! * 3 EXISTS":          "nothing is read for this line alone",
		"C: NOOP\nB C: NOOP\nS? * 3 EXISTS":        "nothing is read for this line alone",
		"R: x1 NOOP\\r\\n\nS: x1 OK\nS/ NO":        "behind a command",
		"C: NOOP\nB C: NOOP\nS/ NO\nS: * 3 EXISTS": "behind a command",
	} {
		checkRefused(t, body, reason)
	}
}

func checkRefused(t *testing.T, body, reason string) {
	t.Helper()
	text := "title: t\ncovers: RFC 9051 §6.1.2\n---\n" + body + "\n"
	_, err := Load(fstest.MapFS{"topic/case.case": {Data: []byte(text)}})
	if err == nil || !strings.Contains(err.Error(), reason) || !strings.Contains(err.Error(), "topic/case:") || !strings.Contains(err.Error(), "line ") {
		t.Errorf("%q: got %v, want a line and %q", body, err, reason)
	}
}

// The aim: what a line may leave open, it leaves open; these are the forms in which a
// case says that something must not come.
func TestMeetsWhatever(t *testing.T) {
	for _, pair := range [][2]string{
		{`* LIST <any> <any> INBOX`, `* LIST (\HasNoChildren) "/" INBOX`},
		{`* LIST () "/" box <rest>`, `* LIST () "/" box`},
		{`* LIST () "/" box <rest>`, `* LIST () "/" box (CHILDINFO (SUBSCRIBED))`},
		{`* LIST <any> <any> <any> (CHILDINFO <any>)`, `* LIST () "/" box (CHILDINFO (SUBSCRIBED))`},
		{`* ESEARCH <rest>`, `* ESEARCH (TAG "A1") UID COUNT 3`},
		{`* ESEARCH <rest>`, `* ESEARCH`},
		{`* ESEARCH (TAG A1) UID ADDTO <rest>`, `* ESEARCH (TAG "A1") UID ADDTO (0 3) COUNT 3`},
		{`* 1 FETCH (FLAGS <rest>)`, `* 1 FETCH (UID 3 FLAGS (\Seen) RFC822.SIZE 3)`},
		{`* ESEARCH (TAG A1) <rest>`, `* ESEARCH (TAG "A1") UID ADDTO (0 3)`},
		{`* SEARCH <rest>`, `* SEARCH 2 4`},
		{`* SEARCH 4 <rest>`, `* SEARCH 2 4`},
		{`* CAPABILITY <rest>`, `* CAPABILITY IMAP4rev1`},
		{`* ENABLED <rest>`, `* ENABLED`},
		{`* METADATA box <rest>`, `* METADATA box (/private/comment "x")`},
		{`* METADATA box <rest>`, `* METADATA box /private/comment`},
		{`* ACL <rest>`, `* ACL box user lrs`},
		{`* ACL box user lrs <rest>`, `* ACL box other lr user lrs`},
		{`* QUOTA root <rest>`, `* QUOTA root (STORAGE 1 2)`},
		{`* URLFETCH <rest>`, `* URLFETCH a NIL`},
		{`* URLFETCH <any> <string>`, `* URLFETCH a NIL b "x"`},
		{`* URLFETCH b NIL`, `* URLFETCH a (BODY "x") (BINARY "y") b NIL c NIL`},
		{`* URLFETCH b (BODYPARTSTRUCTURE ("text" "plain" <rest>)) (BINARY "y")`, `* URLFETCH a NIL b (BODYPARTSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "8BIT" 1 1)) (BINARY "y")`},
		{`* 1 FETCH (BODYSTRUCTURE (<language fr>))`, `* 1 FETCH (BODYSTRUCTURE (("FR")))`},
		{`* 1 FETCH (BODYSTRUCTURE (<language fr>))`, `* 1 FETCH (BODYSTRUCTURE ("fr"))`},
		{`* NO [BADURL /box]`, `* NO [BADURL "/box"] bad`},
		{`* NO [BADURL /box]`, `* NO [BADURL /box] bad`},
	} {
		if err := meets(t, pair[0], pair[1], variables{}); err != nil {
			t.Errorf("%s\n does not meet %s\n %v", pair[1], pair[0], err)
		}
	}
	for _, pair := range [][2]string{
		{`* SEARCH 5 <rest>`, `* SEARCH 2 4`},
		{`* URLFETCH b NIL`, `* URLFETCH a NIL b "x"`},
		{`* URLFETCH a NIL`, `* URLFETCH a (BODY "x")`},
		{`* URLFETCH a (BODY "x")`, `* URLFETCH a (BODY "X")`},
		{`* URLFETCH a (BODY "x")`, `* URLFETCH a (BODY "x") (BINARY "y")`},
		{`* 1 FETCH (BODYSTRUCTURE (<language fr>))`, `* 1 FETCH (BODYSTRUCTURE (("fr" "en")))`},
		{`* 1 FETCH (BODYSTRUCTURE (<language fr>))`, `* 1 FETCH (BODYSTRUCTURE ("de"))`},
		{`* METADATA box <rest>`, `* METADATA other (/private/comment "x")`},
	} {
		if meets(t, pair[0], pair[1], variables{}) == nil {
			t.Errorf("%s\n must not meet %s", pair[1], pair[0])
		}
	}
}

// The aim: a server that makes use of a freedom is not failed for it, and one that does
// something else is; this project's own server is not given the freedom.
func TestDeclined(t *testing.T) {
	const body = "C: NOOP\nS/ NO [HASCHILDREN]\nC: XYZZY\nS: BAD"
	for answer, want := range map[string]Verdict{
		"TAG NO [HASCHILDREN] no\n": NotOffered,
		"TAG NO no\n":               Failed,
		"TAG OK done\n":             Passed,
	} {
		o := play(t, body, map[string]string{"NOOP": answer, "XYZZY": "TAG BAD what\n"}, serverTimeout)
		if o.Verdict != want {
			t.Errorf("%q: %s, %s", answer, o.Verdict, o.Reason)
		}
		if want == NotOffered && o.Reason != "declined, as a server may: NO [HASCHILDREN]" {
			t.Errorf("the reason is %q", o.Reason)
		}
	}
	library, err := Load(fstest.MapFS{"topic/case.case": {Data: []byte("title: t\ncovers: RFC 9051 §6.1.2\ndialects: unenabled\n---\n" + body + "\n")}})
	if err != nil {
		t.Fatal(err)
	}
	answers := fakeAnswers(map[string]string{"NOOP": "TAG NO [HASCHILDREN] no\n", "XYZZY": "TAG BAD what\n"})
	suite := &Suite{Library: library, Server: *fakeServer(t, answers), Seed: 1, Promises: true}
	outcomes, err := suite.Run(t.Context())
	if err != nil || outcomes[0].Verdict != Failed {
		t.Errorf("%v: %v: with promises no freedom is taken", err, outcomes)
	}
}

// The aim: the first FETCH of a new message holds what NOTIFY asked for, and later ones
// MODSEQ (RFC 5465 §5.2, RFC 7162 §3.1).
func TestLedgerNewMessages(t *testing.T) {
	for _, c := range []struct {
		strict            bool
		notify, responses string
		breach            bool
	}{
		{false, "NOTIFY SET (SELECTED (MessageNew (FLAGS UID) MessageExpunge))", "* 3 EXISTS|* 3 FETCH (UID 9 FLAGS ())", false},
		{false, "NOTIFY SET (SELECTED (MessageNew (FLAGS UID) MessageExpunge))", "* 4 EXISTS|* 3 FETCH (UID 9 FLAGS ())|* 4 FETCH (UID 10 FLAGS ())", false},
		{false, "NOTIFY SET (SELECTED (MessageNew (FLAGS UID) MessageExpunge))", "* 3 EXISTS|* 3 FETCH (UID 9 FLAGS ())|* 3 FETCH (UID 9 FLAGS (\\Seen))", true},
		{false, "NOTIFY SET (SELECTED (MessageNew (FLAGS UID) MessageExpunge))", "* 3 EXISTS|* 2 FETCH (UID 8 FLAGS ())", true},
		{true, "NOTIFY SET (SELECTED (MessageNew (FLAGS UID) MessageExpunge))", "* 3 EXISTS|* 3 FETCH (UID 9 FLAGS ())", true},
		{false, "NOTIFY SET (SELECTED (MessageNew MessageExpunge FlagChange))", "* 3 EXISTS|* 3 FETCH (UID 9 FLAGS ())", true},
	} {
		l := newLedger(c.strict)
		l.known, l.uids, l.enabled["CONDSTORE"] = true, make([]uint32, 2), true
		l.notify.sent("A1", c.notify)
		l.notify.took("A1")
		var breach error
		for _, line := range strings.Split(c.responses, "|") {
			r, err := parse(line+"\r\n", false)
			if err != nil {
				t.Fatal(err)
			}
			if err := l.observe(r); err != nil {
				breach = err
			}
		}
		if (breach != nil) != c.breach {
			t.Errorf("%s, %s: %v", c.notify, c.responses, breach)
		}
	}
}
