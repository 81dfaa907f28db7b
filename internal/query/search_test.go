package query

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/restante/restante/imap"
)

// Every IMAP key becomes the key that RFC 9051 §6.4.4 means.
func TestFromSearch(t *testing.T) {
	names := Names{
		Seqs:   func(set imap.SeqSet) imap.UIDSet { return imap.SetOf(imap.UID(set[0].Start) + 100) },
		UIDMax: 9,
		Now:    1000,
		Saved:  imap.SetOf[imap.UID](3),
		Recent: imap.SetOf[imap.UID](8),
		FlagBit: func(f imap.Flag) (uint16, bool) {
			return 3, f.Equal(imap.FlagSeen)
		},
	}
	date := imap.Date{Year: 1970, Month: time.January, Day: 3}
	for _, test := range []struct {
		key  imap.SearchKey
		want Key
	}{
		{imap.SearchAll{}, All{}},
		{imap.SearchNot{Key: imap.SearchAll{}}, None{}},
		{imap.SearchAnd{Keys: []imap.SearchKey{imap.SearchAll{}, imap.SearchSize{Larger: true, Octets: 5}}}, Larger{5}},
		{imap.SearchOr{Left: imap.SearchSize{Octets: 5}, Right: imap.SearchNot{Key: imap.SearchAll{}}}, Smaller{5}},
		{imap.SearchSeqs{Set: imap.SetOf[imap.Seq](1)}, UIDs{imap.SetOf[imap.UID](101)}},
		{imap.SearchUIDs{Set: imap.UIDSet{{Start: 7}}}, UIDs{imap.UIDSet{{Start: 7, Stop: 9}}}},
		{imap.SearchSaved{}, UIDs{names.Saved}},
		{imap.SearchFlag{Flag: `\SEEN`}, HasFlag{Bit: 3}},
		{imap.SearchFlag{Flag: imap.FlagSeen, Absent: true}, HasFlag{3, true}},
		{imap.SearchFlag{Flag: "unknown"}, None{}},
		{imap.SearchFlag{Flag: "unknown", Absent: true}, All{}},
		{imap.SearchFlag{Flag: imap.FlagRecent}, UIDs{names.Recent}},
		{imap.SearchFlag{Flag: imap.FlagRecent, Absent: true}, Not{UIDs{names.Recent}}},
		{imap.SearchText{Place: imap.InFrom, Value: "X"}, Envelope{From, NewPattern("x")}},
		{imap.SearchText{Place: imap.InTo, Value: "X"}, Envelope{To, NewPattern("x")}},
		{imap.SearchText{Place: imap.InCc, Value: "X"}, Envelope{Cc, NewPattern("x")}},
		{imap.SearchText{Place: imap.InBcc, Value: "X"}, Envelope{Bcc, NewPattern("x")}},
		{imap.SearchText{Place: imap.InSubject, Value: "\xe9"}, Envelope{Subject, NewPattern("é")}},
		{imap.SearchText{Place: imap.InBody, Value: "X"}, Text{NewPattern("x"), false}},
		{imap.SearchText{Place: imap.InText, Value: "X"}, Text{NewPattern("x"), true}},
		{imap.SearchHeader{Field: "A", Value: "b"}, Header{"A", NewPattern("b")}},
		{imap.SearchDate{Of: imap.DateInternal, When: imap.DateBefore, Date: date}, InternalDate{Before, 2}},
		{imap.SearchDate{Of: imap.DateInternal, When: imap.DateOn, Date: date}, InternalDate{On, 2}},
		{imap.SearchDate{Of: imap.DateSent, When: imap.DateSince, Date: date}, SentDate{Since, 2}},
		{imap.SearchDate{Of: imap.DateSaved, When: imap.DateSince, Date: date}, SaveDate{Since, 2}},
		{imap.SearchWithin{Younger: true, Seconds: 5}, Received{true, 995}},
		{imap.SearchWithin{Seconds: 10}, Received{false, 990}},
		{imap.SearchSaveDates{}, All{}},
		{imap.SearchModSeq{ModSeq: 7, Entry: "/flags/x", Scope: "all"}, ChangedSince{7}},
	} {
		got, err := FromSearch(test.key, "iso-8859-1", names)
		if err != nil || !reflect.DeepEqual(Simplify(got), test.want) {
			t.Errorf("%#v: got %#v (%v), want %#v", test.key, Simplify(got), err, test.want)
		}
	}
	if _, err := FromSearch(imap.SearchAll{}, "x-nobody", names); !errors.Is(err, ErrCharset) {
		t.Errorf("unknown charset: %v", err)
	}
}

// Days are counted in the zone that a time was given in, before 1970 as well.
func TestDays(t *testing.T) {
	east := time.FixedZone("", 14*3600)
	for _, test := range []struct {
		at   time.Time
		want imap.Date
	}{
		{time.Date(2026, 11, 23, 23, 59, 59, 0, time.UTC), imap.Date{Year: 2026, Month: 11, Day: 23}},
		{time.Date(2026, 11, 24, 0, 0, 0, 0, east), imap.Date{Year: 2026, Month: 11, Day: 24}},
		{time.Date(1969, 12, 31, 1, 0, 0, 0, time.UTC), imap.Date{Year: 1969, Month: 12, Day: 31}},
		{time.Date(1969, 12, 31, 0, 0, 0, 0, east), imap.Date{Year: 1969, Month: 12, Day: 31}},
	} {
		if got := DayAt(test.at); got != DayOf(test.want) {
			t.Errorf("%v is day %d, want %d", test.at, got, DayOf(test.want))
		}
	}
}

// A program says what it needs before it runs.
func TestProgramNeeds(t *testing.T) {
	set, flag := UIDs{imap.SetOf[imap.UID](2, 3, 4)}, HasFlag{Bit: 1}
	all := imap.UIDSet{{Start: 1, Stop: 3}}
	for _, test := range []struct {
		key         Key
		first, last Tier
		within      string
		isSet       bool
	}{
		{All{}, TierUID, TierUID, "1:3", true},
		{None{}, TierUID, TierUID, "", true},
		{set, TierUID, TierUID, "2:3", true},
		{And{flag, set}, TierMarks, TierMarks, "2:3", false},
		{Or{flag, set}, TierMarks, TierMarks, "1:3", false},
		{And{Larger{1}, Text{Pattern: NewPattern("x")}}, TierRow, TierText, "1:3", false},
		{Header{"X", NewPattern("x")}, TierStructure, TierHeader, "1:3", false},
	} {
		p := Compile(test.key)
		if p.First() != test.first || p.Tier() != test.last || p.Within(all).String() != test.within || p.IsSet() != test.isSet {
			t.Errorf("%#v: first %d last %d within %q set %v", test.key, p.First(), p.Tier(), p.Within(all), p.IsSet())
		}
	}
}
