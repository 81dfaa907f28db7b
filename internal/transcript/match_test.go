package transcript

import (
	"fmt"
	"testing"
)

func meets(t *testing.T, expected, response string, vars variables) error {
	t.Helper()
	r, err := parse(response+"\r\n", false)
	if err != nil {
		t.Fatalf("%q: %v", response, err)
	}
	text, err := vars.expand(expected)
	if err != nil {
		t.Fatalf("%q: %v", expected, err)
	}
	messages := func(name string) (string, error) { return "", fmt.Errorf("no message %s", name) }
	e, err := parseExpected(text, messages, nil)
	if err != nil {
		t.Fatalf("%q: %v", expected, err)
	}
	return (&matcher{vars: vars}).response(e, r)
}

// Every pair shows one freedom that servers have; the judge must grant it.
func TestMeets(t *testing.T) {
	for expected, response := range map[string]string{
		`* 3 EXISTS`:                               "* 3 EXISTS",
		`* <gt 2> EXISTS`:                          "* 3 EXISTS",
		`* 1 FETCH (FLAGS (\Seen \Draft))`:         `* 1 FETCH (UID 4 FLAGS (\Recent \draft \Seen))`,
		`* 1 FETCH <any>`:                          `* 1 FETCH (UID 4)`,
		`* 2 FETCH <rest>`:                         `* 2 FETCH (UID 4)`,
		`* STATUS <rest>`:                          `* STATUS box (MESSAGES 3)`,
		`* STATUS box <rest>`:                      `* STATUS box (MESSAGES 3 UNSEEN 1)`,
		`* STATUS box (UNSEEN 1 <rest>)`:           `* STATUS box (MESSAGES 3 UNSEEN 1)`,
		`* 1 FETCH (UID 4 !FLAGS)`:                 `* 1 FETCH (UID 4)`,
		`* FLAGS (\Seen)`:                          `* FLAGS (\Answered \Seen)`,
		`* OK [PERMANENTFLAGS (\* \Seen)]`:         `* OK [PERMANENTFLAGS (\Answered \Seen \*)] ok`,
		`* LIST (\Marked) "/" box`:                 `* LIST (\HasNoChildren \Marked) "/" "box"`,
		`* LIST (!\NoSelect) NIL box`:              `* LIST (\HasNoChildren) NIL box`,
		`* LIST () "/" plain (!CHILDINFO)`:         `* LIST () "/" plain`,
		`* LIST () "/" renamed (!CHILDINFO)`:       `* LIST () "/" renamed (OLDNAME (b))`,
		`* STATUS box (MESSAGES 3)`:                `* STATUS "box" (UIDNEXT 4 MESSAGES 3)`,
		`* ESEARCH (TAG A1) UID ALL 1:3`:           `* ESEARCH (TAG "A1") UID COUNT 3 ALL 1,2:3`,
		`* SEARCH 3 1`:                             `* SEARCH 1 3 (MODSEQ 9)`,
		`* CAPABILITY IMAP4rev1 !LOGINDISABLED`:    `* CAPABILITY IDLE IMAP4REV1`,
		`* VANISHED (EARLIER) <covers 3,5>`:        `* VANISHED (EARLIER) 1:9`,
		`* 1 FETCH (BODY ("text" "plain" <rest>))`: `* 1 FETCH (BODY ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 3 1))`,
		`* NO|BAD`:          `* BAD what`,
		`* OK [!READ-ONLY]`: `* OK fine`,
		`* 1 CONVERTED (TAG a) (BODYPARTSTRUCTURE[2] ("image" "jpeg" <rest>) BINARY[2] "x")`: `* 1 CONVERTED (tag "a") (UID 4 BINARY[2] "x" BODYPARTSTRUCTURE[2] ("IMAGE" "JPEG" NIL NIL NIL "8bit" 3))`,
		`* 1 CONVERTED (TAG a) (BINARY[] (ERROR <string> BADPARAMETERS NIL text/plain))`:     `* 1 CONVERTED (TAG "a") (BINARY[] (ERROR "no" BADPARAMETERS NIL "TEXT/plain"))`,
		`* CONVERSION image/gif image/png (<has> pix-x)`:                                     `* CONVERSION "IMAGE/GIF" "image/png" ("PIX-Y" "PIX-X")`,
		`* 1 FETCH (INTERNALDATE <date-time>)`:                                               `* 1 FETCH (INTERNALDATE " 3-Feb-2020 10:00:00 +0100")`,
		`* OK [COPYUID 7 1:3 <n as $new>]`:                                                   `* OK [COPYUID 7 1,2,3 9] done`,
		`* 1 FETCH (BODY[HEADER.FIELDS (From)] "")`:                                          `* 1 FETCH (BODY[HEADER.FIELDS ("FROM")] {0}` + "\r\n)",
	} {
		if err := meets(t, expected, response, variables{}); err != nil {
			t.Errorf("%s\n does not meet %s\n %v", response, expected, err)
		}
	}
}

// Every pair shows one breach; a judge that overlooks it is worthless.
func TestMisses(t *testing.T) {
	for expected, response := range map[string]string{
		`* 3 EXISTS`:                              "* 4 EXISTS",
		`* 1 FETCH (FLAGS (\Seen))`:               `* 1 FETCH (FLAGS (\Seen \Draft))`,
		`* 1 FETCH (FLAGS ())`:                    `* 1 FETCH (FLAGS (\Seen))`,
		`* 1 FETCH (!FLAGS)`:                      `* 1 FETCH (FLAGS ())`,
		`* 1 FETCH (BODY[] NIL)`:                  `* 1 FETCH (BODY[] "NIL")`,
		`* 1 FETCH (BODY[] "x")`:                  `* 1 FETCH (BODY[] "X")`,
		`* LIST (\NoSelect) "/" box`:              `* LIST () "/" box`,
		`* LIST (!\NoSelect) "/" box`:             `* LIST (\Noselect) "/" box`,
		`* LIST () "/" box`:                       `* LIST () "/" Box2`,
		`* LIST () "/" box (!CHILDINFO)`:          `* LIST () "/" box ("CHILDINFO" ("SUBSCRIBED"))`,
		`* STATUS box (!RECENT)`:                  `* STATUS box (RECENT 0)`,
		`* ESEARCH (TAG A1) ALL 1`:                `* ESEARCH (TAG "A1") UID ALL 1`,
		`* ESEARCH (TAG A1) ALL 1:2`:              `* ESEARCH (TAG "A2") ALL 1:2`,
		`* SEARCH 1`:                              `* SEARCH 1 2`,
		`* VANISHED (EARLIER) <covers 3,5>`:       `* VANISHED (EARLIER) 3:4`,
		`* OK [UIDNEXT <gt 5>]`:                   `* OK [UIDNEXT 5] next`,
		`* OK [!READ-ONLY]`:                       `* OK [READ-ONLY] fine`,
		`* OK [TRYCREATE]`:                        `* OK fine`,
		`* 1 FETCH (ENVELOPE ("a" NIL <rest>))`:   `* 1 FETCH (ENVELOPE (NIL NIL NIL))`,
		`* 1 FETCH (INTERNALDATE <date-time>)`:    `* 1 FETCH (INTERNALDATE "3-Feb-2020 10:00:00 +0100")`,
		`* 1 FETCH (BODY ("text" "plain" <any>))`: `* 1 FETCH (BODY ("text" "plain" NIL NIL))`,
	} {
		if err := meets(t, expected, response, variables{}); err == nil {
			t.Errorf("%s\n must not meet %s", response, expected)
		}
	}
}

// A variable is bound where it first stands and compared afterwards.
func TestVariables(t *testing.T) {
	vars := variables{}
	if err := meets(t, `* 1 FETCH (UID $uid)`, "* 1 FETCH (UID 7)", vars); err != nil || vars["uid"] != "7" {
		t.Fatalf("%v, %v", vars, err)
	}
	if meets(t, `* 2 FETCH (UID $uid)`, "* 2 FETCH (UID 8)", vars) == nil {
		t.Error("$uid is 7 and met 8")
	}
	if err := meets(t, `* 2 FETCH (UID ${uid+1})`, "* 2 FETCH (UID 8)", vars); err != nil {
		t.Error(err)
	}
}
