package imap

import (
	"strings"
	"testing"
	"time"
)

// A date-time keeps its instant and its zone, and is written as the grammar has
// it (RFC 9051 §9, date-time).
func TestDateTime(t *testing.T) {
	for want, at := range map[string]time.Time{
		" 7-Feb-1994 21:52:25 -0800": time.Date(1994, 2, 7, 21, 52, 25, 999, time.FixedZone("", -8*3600)),
		"17-Jul-1996 02:44:25 +0000": time.Date(1996, 7, 17, 2, 44, 25, 0, time.UTC),
		" 1-Jan-2000 00:00:00 +0545": time.Date(2000, 1, 1, 0, 0, 0, 0, time.FixedZone("", 5*3600+45*60)),
		"31-Dec-1969 23:59:59 -0030": time.Date(1969, 12, 31, 23, 59, 59, 0, time.FixedZone("", -30*60)),
	} {
		got := DateTimeOf(at)
		if got.String() != want || !got.Time().Equal(at.Truncate(time.Second)) || DateTimeOf(got.Time()) != got {
			t.Errorf("%v is %q, want %q", at, got, want)
		}
	}
}

// A date is a day as its own zone shows it, and days have an order.
func TestDate(t *testing.T) {
	day := DateOf(time.Date(1994, 2, 1, 23, 0, 0, 0, time.FixedZone("", -8*3600)))
	if day.String() != "1-Feb-1994" || (Date{2024, 12, 31}).String() != "31-Dec-2024" {
		t.Errorf("%v", day)
	}
	ordered := []Date{{1993, 12, 31}, {1994, 1, 31}, {1994, 2, 1}, {1994, 2, 2}}
	for i, a := range ordered {
		for j, b := range ordered {
			if got := a.Compare(b); got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("%v to %v: %d", a, b, got)
			}
		}
	}
}

// Names that no mailbox may have are found (RFC 9755 §3).
func TestCheckMailboxName(t *testing.T) {
	for _, name := range []string{"INBOX", "a/b", "!#$&'+,-.0123456789:;<=>?@^_`|[}", "\u00e9t\u00e9", "%*", " ", "\U0001f600"} {
		if err := CheckMailboxName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"", "a\x00", "a\r", "\t", "\x7f", "\u0080", "\u2028", "\u2029", "\xff"} {
		if CheckMailboxName(name) == nil {
			t.Errorf("%q is admitted", name)
		}
	}
	if CanonicalMailbox("inBOX") != Inbox || CanonicalMailbox("inbox/x") != "inbox/x" || CanonicalMailbox("\u0130nbox") == Inbox {
		t.Error("INBOX and nothing else has one spelling")
	}
}

// Flags and attributes compare without case; system flags have one spelling.
func TestFlags(t *testing.T) {
	for _, flag := range SystemFlags {
		if got := Flag(strings.ToLower(string(flag))).Canonical(); got != flag {
			t.Errorf("%s, want %s", got, flag)
		}
	}
	if Flag("$x").Canonical() != "$x" || !Flag("$X").Equal("$x") || Flag(`\recent`).Canonical() != FlagRecent {
		t.Error("keywords keep their spelling and compare without case")
	}
}

// Every closed set of words has a word for each value, and no two are the same.
func TestWordsAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	add := func(kind, word string) {
		if word == "" || seen[kind+word] {
			t.Errorf("%s %q is missing or there twice", kind, word)
		}
		seen[kind+word] = true
	}
	for filter := range NotifyFilters {
		add("filter", filter.String())
	}
	for event := range AllNotifyEvents.Each {
		add("event", strings.Join(event.Names(), " "))
	}
	for item := range StatusItems {
		add("status item", item.String())
	}
	for kind := range FetchKinds {
		if kind != FetchSection { // "BODY", as FetchBody is: the section tells
			add("fetch kind", kind.String())
		}
	}
	for kind := range ConvertKinds {
		add("convert kind", kind.String())
	}
	for _, text := range SectionTexts {
		add("section text", text.String())
	}
	for depth := range MetadataDepths {
		add("depth", depth.String())
	}
	for _, word := range CodeWords {
		add("code", word.Name())
	}
}

// A macro is its items, and nothing else is a macro (RFC 9051 §6.4.5).
func TestFetchMacros(t *testing.T) {
	for name, count := range map[string]int{"FAST": 3, "ALL": 4, "FULL": 5, "fast": 0, "BODY": 0} {
		if got := FetchMacro(name); len(got) != count {
			t.Errorf("%s: %v", name, got)
		}
	}
}
