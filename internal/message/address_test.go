package message

import (
	"fmt"
	"strings"
	"testing"
)

// addressText writes a list so that every member of each address is seen.
func addressText(list []Address) string {
	var items []string
	for _, a := range list {
		switch a.Kind {
		case AddressGroupStart:
			items = append(items, a.Mailbox+":")
		case AddressGroupEnd:
			items = append(items, ";")
		default:
			items = append(items, fmt.Sprintf("%s<%s|%s>%s", a.Name, a.Mailbox, a.Host, a.Route))
		}
	}
	return strings.Join(items, " ")
}

// Lists as RFC 5322 allows them now and formerly, and as real mail has them.
func TestParseAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		" , ,":                    "",
		"jdoe@example.org":        "<jdoe|example.org>",
		"John <jdoe@example.org>": "John<jdoe|example.org>",
		`"Joe Q. Public" <j@e.com>, Mary Smith <mary@x.test>`: "Joe Q. Public<j|e.com> Mary Smith<mary|x.test>",
		"Joe Q. Public <j@e.com>":                             "Joe Q. Public<j|e.com>",
		"A:a@x,B <b@x>;, c@x":                                 "A: <a|x> B<b|x> ; <c|x>",
		"Undisclosed recipients:;":                            "Undisclosed recipients: ;",
		"a:b@x":                                               "a: <b|x> ;",
		";; a@x":                                              "<a|x>",
		"<@a.org,@b.org:john@c.org>":                          "<john|c.org>@a.org,@b.org",
		"john@x.org (John Smith)":                             "John Smith<john|x.org>",
		"john(c)@x.org":                                       "c<john|x.org>",
		`"john smith"@x.org`:                                  "<john smith|x.org>",
		"John Smith john@x.org":                               "John Smith<john|x.org>",
		"j@x.org <j@x.org>":                                   "j@x.org<j|x.org>",
		"john . smith @ example . org":                        "<john.smith|example.org>",
		"user@[IPv6:2001:db8::1]":                             "<user|[IPv6:2001:db8::1]>",
		"a@b@c":                                               "<a@b|c>",
		"root":                                                "<root|>",
		"Only Words":                                          "Only Words<|>",
		"<>":                                                  "<|>",
		"<a@x":                                                "<a|x>",
		"One <a@x, Two <b@x>":                                 "One<a|x> Two<b|x>",
		"<Undisclosed-Recipient:;>":                           "<Undisclosed-Recipient:;|>",
		"=?utf-8?q?a,b?= <a@x>":                               "=?utf-8?q?a,b?=<a|x>",
		"=?utf-8?q?a <a@x>":                                   "=?utf-8?q?a<a|x>",
		`"unclosed <a@x>`:                                     "unclosed <a@x><|>",
		"(comment":                                            "",
		`"a\"b" <a@x>`:                                        `a"b<a|x>`,
		"caf\xe9 <a@x>":                                       "caf\xe9<a|x>",
	} {
		if got := addressText(ParseAddresses(text)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// Reading addresses takes any text, pairs its groups, and keeps no NUL or line
// end that the text did not have.
func FuzzParseAddresses(f *testing.F) {
	for _, seed := range []string{"A:a@x,B <b@x>;, c@x", "<@a,@b:c@d>", `"a\"b" <"x y"@z>`, "(((", "=?=?=?", "[[[", "<@<@<@", "a:b:c:;;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		open := false
		for _, a := range ParseAddresses(text) {
			switch a.Kind {
			case AddressGroupStart:
				if open {
					t.Fatalf("%q: a group within a group", text)
				}
				open = true
			case AddressGroupEnd:
				if !open {
					t.Fatalf("%q: a group ends that did not begin", text)
				}
				open = false
			}
		}
		if open {
			t.Fatalf("%q: a group does not end", text)
		}
	})
}

// A thread's ids: the first and the newest are kept beyond the limit.
func TestParseMessageIDs(t *testing.T) {
	ids := ParseMessageIDs("<a@x>\t<b@x> rubbish <> <unclosed")
	if len(ids) != 2 || ids[0] != "a@x" || ids[1] != "b@x" {
		t.Errorf("got %q", ids)
	}
	var many strings.Builder
	for i := range 2 * referencesMax {
		fmt.Fprintf(&many, "<%d@x>", i)
	}
	ids = ParseMessageIDs(many.String())
	if len(ids) != referencesMax || ids[0] != "0@x" || ids[referencesMax-1] != fmt.Sprintf("%d@x", 2*referencesMax-1) {
		t.Errorf("%d ids from %s to %s", len(ids), ids[0], ids[len(ids)-1])
	}
}
