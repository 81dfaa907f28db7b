package transcript

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// fakeServer answers each command by name from a table of lines, in which
// TAG stands for the tag; it knows no IMAP.
func fakeServer(t *testing.T, answers map[string]string) *Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serveFake(conn, answers)
		}
	}()
	return &Server{Address: listener.Addr().String(), Accounts: NumberedAccounts("u%04d", "secret", 2), Timeout: serverTimeout}
}

func serveFake(conn net.Conn, answers map[string]string) {
	defer conn.Close()
	send := func(text string) {
		conn.Write([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	}
	send("* OK ready\n")
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		tag, rest, _ := strings.Cut(lines.Text(), " ")
		name := commandName(rest)
		answer, ok := answers[rest]
		if !ok {
			answer, ok = answers[name]
		}
		if !ok {
			answer = "TAG OK done\n"
		}
		send(strings.ReplaceAll(answer, "TAG", tag))
		if name == "LOGOUT" {
			return
		}
	}
}

// fakeAnswers are what the runner itself needs.
func fakeAnswers(more map[string]string) map[string]string {
	answers := map[string]string{
		"CAPABILITY": "* CAPABILITY IMAP4rev1\nTAG OK done\n",
		`LIST "" ""`: "* LIST (\\Noselect) \"/\" \"\"\nTAG OK done\n",
		"LOGOUT":     "* BYE bye\nTAG OK done\n",
		"SELECT":     "* 2 EXISTS\n* OK [UIDVALIDITY 7] valid\n* FLAGS (\\Seen)\nTAG OK [READ-WRITE] done\n",
	}
	for name, answer := range more {
		answers[name] = answer
	}
	return answers
}

func play(t *testing.T, body string, answers map[string]string, patience time.Duration) Outcome {
	t.Helper()
	text := "title: t\ncovers: RFC 9051 §6.1.2, §6.4.5\ndialects: unenabled\nstart: authenticated\n---\n" + body
	library, err := Load(fstest.MapFS{"topic/case.case": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	suite := &Suite{Library: library, Server: *fakeServer(t, fakeAnswers(answers)), Seed: 1}
	suite.Server.Timeout = patience
	outcomes, err := suite.Run(context.Background())
	if err != nil || len(outcomes) != 1 {
		t.Fatalf("%d outcomes, %v", len(outcomes), err)
	}
	return outcomes[0]
}

// The aim: the runner passes what is right and fails what is wrong, and says
// what was expected, on which line, and what came.
func TestRunner(t *testing.T) {
	for _, c := range []struct {
		name, body, answer, reason string // reason is empty where the case passes
	}{
		{"implicit OK", "C: NOOP", "TAG OK done\n", ""},
		{"implicit OK fails", "C: NOOP", "TAG NO never\n", "should succeed"},
		{"result", "C: NOOP\nS: BAD", "TAG BAD what\n", ""},
		{"result fails", "C: NOOP\nS: BAD", "TAG OK done\n", "expected (line 7): A2 BAD"},
		{"alternatives", "C: NOOP\nS: NO|BAD", "TAG NO what\n", ""},
		{"unordered", "C: NOOP\nS: * 5 EXISTS\nS: * FLAGS (\\Seen)", "* FLAGS (\\Seen)\n* 5 EXISTS\nTAG OK done\n", ""},
		{"missing", "C: NOOP\nS: * 5 EXISTS", "* 4 EXISTS\nTAG OK done\n", "5"},
		{"ordered", "C: NOOP\nS= * 5 EXISTS\nS= * FLAGS ()", "* 5 EXISTS\n* FLAGS ()\nTAG OK done\n", ""},
		{"ordered fails", "C: NOOP\nS= * 5 EXISTS\nS= * FLAGS ()", "* FLAGS ()\n* 5 EXISTS\nTAG OK done\n", "line 8"},
		{"must not come", "C: NOOP\nS! * <n> EXISTS", "* 5 EXISTS\nTAG OK done\n", "must not come"},
		{"must not come beyond", "C: NOOP\nS: * 5 EXISTS\nS! * <n> EXISTS", "* 5 EXISTS\nTAG OK done\n", ""},
		{"may come", "C: NOOP\nS? * 5 EXISTS\nS! * <n> EXISTS", "* 5 EXISTS\nTAG OK done\n", ""},
		{"once", "C: NOOP\nS: * FLAGS ()\nS: * FLAGS ()", "* FLAGS ()\nTAG OK done\n", "no such response"},
		{"silence", "C: NOOP", "", "nothing came"},
		{"malformed", "C: NOOP", "* FLAGS (\nTAG OK done\n", "not well formed"},
		{"ledger", "C: NOOP", "* VANISHED 3\nTAG OK done\n", "wrong here"},
		{"check", "C: NOOP\nS: * $n EXISTS\ncheck $n > 4", "* 5 EXISTS\nTAG OK done\n", ""},
		{"check fails", "C: NOOP\nS: * $n EXISTS\ncheck $n > 5", "* 5 EXISTS\nTAG OK done\n", "check"},
		{"unbound", "C: NOOP $nothing", "TAG OK done\n", "$nothing has no value"},
		{"closed", "C: LOGOUT\nS: * BYE\nS: closed", "TAG OK done\n", ""},
		{"closed fails", "C: NOOP\nS: closed", "TAG OK done\n", "should have closed"},
		{"pipelined", "C+ NOOP\nC: NOOP\nS: #1 OK\nS: #2 OK", "TAG OK done\n", ""},
		{"other connection", "C: NOOP\nB C: NOOP\nB S: * 5 EXISTS", "* 5 EXISTS\nTAG OK done\n", ""},
		{"condition", "[rev2] C: XYZZY\n[rev1] C: NOOP\nS: * 5 EXISTS", "* 5 EXISTS\nTAG OK done\n", ""},
		{"found", "C: NOOP\nS: found 1 3", "* SEARCH 3 1\nTAG OK done\n", ""},
		{"found fails", "C: NOOP\nS: found 1", "* SEARCH 3 1\nTAG OK done\n", "too much"},
		{"raw", "R: x1 NOOP\\r\\n\nS: x1 OK", "TAG OK done\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			patience := serverTimeout
			if c.reason == "nothing came" || c.reason == "should have closed" {
				patience = time.Second // what is waited for never comes
			}
			o := play(t, c.body, map[string]string{"NOOP": c.answer}, patience)
			switch {
			case c.reason == "" && o.Verdict != Passed:
				t.Errorf("%s: %s\n%s", o.Verdict, o.Reason, o.Wire)
			case c.reason != "" && (o.Verdict != Failed || !strings.Contains(o.Reason, c.reason)):
				t.Errorf("%s, for %q, not %q", o.Verdict, o.Reason, c.reason)
			}
		})
	}
}

// The aim: the report names the section, the case and the reason, for people
// and for programs.
func TestReport(t *testing.T) {
	bad := play(t, "C: NOOP\nS: BAD", nil, serverTimeout)
	good := play(t, "C: NOOP", nil, serverTimeout)
	missing := good
	missing.Verdict, missing.Missing, missing.Reason = NotOffered, []string{"IDLE", "SORT"}, "IDLE SORT not offered"
	other := missing
	other.Missing = []string{"SORT"}
	elsewhere := good
	elsewhere.Verdict, elsewhere.Reason = NotOffered, "not configured as teams"
	report := NewReport("127.0.0.1:143", []Outcome{bad, good, missing, other, elsewhere})
	var text, program bytes.Buffer
	if err := report.Text(&text); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"FAILED topic/case (rev1)", "line 7", "RFC 9051 §6.4.5", "1 runs passed, 1 failed, 3 not offered", "      2  SORT\n      1  IDLE\n      1  not configured as teams\n"} {
		if !strings.Contains(text.String(), part) {
			t.Errorf("the report lacks %q:\n%s", part, text.String())
		}
	}
	if err := report.JSON(&program); err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(program.Bytes(), &back); err != nil || len(back.Sections) != 2 || back.Failed != 1 ||
		len(back.Runs) != 5 || back.Runs[2] != (RunReport{"topic/case", "rev1", NotOffered, "IDLE SORT not offered"}) {
		t.Errorf("%v: %+v", err, back)
	}
}

// The aim: sections stand in the order of the documents.
func TestSectionsInOrder(t *testing.T) {
	for _, pair := range [][2]string{{"RFC 9051 §6.4.9", "RFC 9051 §6.4.10"}, {"RFC 3501 §7", "RFC 9051 §2"}, {"RFC 9051 §6.4", "RFC 9051 §6.4.1"}} {
		if compareSections(pair[0], pair[1]) >= 0 || compareSections(pair[1], pair[0]) <= 0 {
			t.Errorf("%s must stand before %s", pair[0], pair[1])
		}
	}
}

// The aim: what a report shows of a conversation holds no password.
func TestReportCutsPasswords(t *testing.T) {
	w := &wireLog{account: Account{"u0001", "pass \"word"}}
	w.add("A", "C", "A1 LOGIN u0001 "+quote("pass \"word")+"\r\n")
	w.add("A", "C", base64.StdEncoding.EncodeToString([]byte("\x00u0001\x00pass \"word"))+"\r\n")
	if shown := w.tail(5); strings.Contains(shown, "pass") || strings.Count(shown, "(cut)") != 2 {
		t.Errorf("the report shows %q", shown)
	}
}

// The aim: what a report shows ends where the case ended, not with the runner's clearing away.
func TestReportEndsWithTheCase(t *testing.T) {
	w := &wireLog{}
	w.add("A", "S", "* BYE this failed\r\n")
	r := &caseRun{wire: w, server: &Server{Address: "127.0.0.1:0"}}
	r.cleanUp()
	w.add("Z", "C", "Z1 DELETE box\r\n")
	if shown := w.tail(5); !strings.Contains(shown, "this failed") || strings.Contains(shown, "DELETE") {
		t.Errorf("the report shows %q", shown)
	}
}

// The aim: a case of several users needs a namespace only if it names mailboxes in it.
func TestOtherUsers(t *testing.T) {
	for body, reason := range map[string]string{
		"B C: NOOP":                                      "",
		"B C: SELECT \"${others}$user/x\"":               "no namespace of other users",
		"B C: NOOP\nB S! * LIST () <any> \"${others}x\"": "no namespace of other users",
		"C: NOOP\nD C: NOOP":                             "more accounts than cases at once are needed: three times as many",
	} {
		users := "B=2"
		if strings.Contains(body, "D C") {
			users = "B=2 D=3"
		}
		text := "title: t\ncovers: RFC 9051 §6.1.2\ndialects: unenabled\nusers: " + users + "\n---\n" + body + "\n"
		library, err := Load(fstest.MapFS{"topic/case.case": {Data: []byte(text)}})
		if err != nil {
			t.Fatal(err)
		}
		suite := &Suite{Library: library, Server: *fakeServer(t, fakeAnswers(nil)), Parallel: 1}
		outcomes, err := suite.Run(context.Background())
		if err != nil || outcomes[0].Reason != reason || (outcomes[0].Verdict == Passed) != (reason == "") {
			t.Errorf("%q: %v: %+v", body, err, outcomes)
		}
	}
}
