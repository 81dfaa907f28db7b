package message

import (
	"strings"
	"testing"
	"time"
)

// Dates of RFC 5322 Appendix A.5 and A.6, of its §4.3, and of real mail.
func TestParseDate(t *testing.T) {
	for text, want := range map[string]string{
		"Fri, 21 Nov 1997 09:55:06 -0600":                    "1997-11-21T09:55:06-06:00",
		"Tue, 1 Jul 2003 10:52:37 +0200":                     "2003-07-01T10:52:37+02:00",
		"Thu, 13 Feb 1969 23:32:54 -0330":                    "1969-02-13T23:32:54-03:30",
		"Thu,\t13\tFeb\t1969 23:32\t-0330 (Newfoundland)":    "1969-02-13T23:32:00-03:30",
		"21 Nov 97 09:55:06 GMT":                             "1997-11-21T09:55:06Z",
		"Fri, 21 Nov 1997 09(comment):   55  :  06 -0600":    "1997-11-21T00:00:00-06:00",
		"21 Nov 49 09:55 EST":                                "2049-11-21T09:55:00-05:00",
		"21 Nov 102 09:55 PDT":                               "2002-11-21T09:55:00-07:00",
		"Tue, 04 Jun 0102 21:41:59 +1000":                    "2002-06-04T21:41:59+10:00",
		"Mon Nov 23 10:11:12 2026":                           "2026-11-23T10:11:12Z",
		"Mon Nov 23 10:11:12 CET 2026":                       "2026-11-23T10:11:12+01:00",
		"Monday, 23-Nov-26 10:11:12 GMT":                     "2026-11-23T10:11:12Z",
		"2026-11-23T10:11:12+05:45":                          "2026-11-23T10:11:12+05:45",
		"2026-11-23 10:11:12Z":                               "2026-11-23T10:11:12Z",
		"Wed, 21 Aug 2002 19:30:01 +0700":                    "2002-08-21T19:30:01+07:00",
		"03 Jul 01 12:47:50 AM":                              "2001-07-03T00:47:50Z",
		"Tue, 06 Aug 2002 06:50:21 PM -0400":                 "2002-08-06T18:50:21-04:00",
		"Fri, 07 Jun 2002 16:35:51 GMT+1":                    "2002-06-07T16:35:51+01:00",
		"11/23/2026 10:11":                                   "2026-11-23T10:11:00Z",
		"Mon, 31 Dec 2029 23:59:60 +0000":                    "2030-01-01T00:00:00Z",
		"Mon, 23 Nov 2026 25:11:12 +0100":                    "2026-11-23T00:00:00+01:00",
		"23 Nov 2026":                                        "2026-11-23T00:00:00Z",
		"Thu, 29 Feb 2024 00:00:00 A":                        "2024-02-29T00:00:00Z",
		"Thu, 29 Feb 2023 00:00:00 +0000":                    "",
		"32 Jan 2026 10:11:12 +0000":                         "",
		"":                                                   "",
		"yesterday at ten":                                   "",
		"Mon, 23 Nov 2026 10:11:12 +0100 and then some more": "2026-11-23T10:11:12+01:00",
	} {
		got, ok := ParseDate(text)
		if ok != (want != "") || ok && got.Format(time.RFC3339) != want {
			t.Errorf("%q: got %v (%v), want %s", text, got, ok, want)
		}
	}
}

// Reading a date takes any text, and what it returns comes back from the
// date's own form.
func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"Fri, 21 Nov 1997 09:55:06 -0600", "2026-11-23T10:11:12Z", "(", "-1:T1:1-",
		"Mon Nov 23 10:11:12 CET 2026", strings.Repeat("(a) ", 100)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := ParseDate(text)
		if !ok || got.Year() < 200 { // the form writes no such years
			return
		}
		again, ok := ParseDate(got.Format("Mon, 2 Jan 2006 15:04:05 -0700"))
		if !ok || !again.Equal(got) {
			t.Fatalf("%q is %v, and that is read as %v", text, got, again)
		}
	})
}
