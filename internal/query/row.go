package query

import (
	"time"

	"github.com/restante/restante/imap"
)

// UIDs matches the messages with these unique identifiers. The set is normal.
// Sequence numbers, saved results, NEW, OLD and RECENT are such sets, too: who
// builds the program knows what they stand for.
type UIDs struct{ Set imap.UIDSet }

// Tier implements Key.
func (UIDs) Tier() Tier { return TierUID }

// Match implements Key.
func (k UIDs) Match(c *Candidate, _ Tier) (Verdict, error) {
	return verdictOf(k.Set.Contains(c.UID())), nil
}

// HasFlag matches messages that have a flag, by its number in the mailbox, or,
// if Absent, those that have it not.
type HasFlag struct {
	Bit    uint16
	Absent bool
}

// Tier implements Key.
func (HasFlag) Tier() Tier { return TierMarks }

// Match implements Key.
func (k HasFlag) Match(c *Candidate, tier Tier) (Verdict, error) {
	if tier < TierMarks {
		return Unknown, nil
	}
	return verdictOf(c.HasFlag(k.Bit) != k.Absent), nil
}

// ChangedSince matches messages whose modification sequence is at least ModSeq
// (RFC 7162 §3.1.5).
type ChangedSince struct{ ModSeq imap.ModSeq }

// Tier implements Key.
func (ChangedSince) Tier() Tier { return TierMarks }

// Match implements Key.
func (k ChangedSince) Match(c *Candidate, tier Tier) (Verdict, error) {
	if tier < TierMarks {
		return Unknown, nil
	}
	return verdictOf(c.ModSeq() >= k.ModSeq), nil
}

// Larger matches messages of more than Octets octets.
type Larger struct{ Octets uint64 }

// Smaller matches messages of fewer than Octets octets.
type Smaller struct{ Octets uint64 }

// Tier implements Key.
func (Larger) Tier() Tier { return TierRow }

// Tier implements Key.
func (Smaller) Tier() Tier { return TierRow }

// Match implements Key.
func (k Larger) Match(c *Candidate, tier Tier) (Verdict, error) {
	return matchRow(c, tier, func(r *Row) bool { return uint64(r.Size) > k.Octets })
}

// Match implements Key.
func (k Smaller) Match(c *Candidate, tier Tier) (Verdict, error) {
	return matchRow(c, tier, func(r *Row) bool { return uint64(r.Size) < k.Octets })
}

func matchRow(c *Candidate, tier Tier, test func(*Row) bool) (Verdict, error) {
	if tier < TierRow {
		return Unknown, nil
	}
	row, err := c.loadRow()
	if err != nil {
		return Unknown, err
	}
	return verdictOf(test(row)), nil
}

// Day is a calendar day without a zone: the number of days since 1970-01-01.
// SEARCH compares dates disregarding time and timezone (RFC 9051 §6.4.4).
type Day int64

// DayOf returns a calendar day.
func DayOf(d imap.Date) Day {
	return DayAt(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC))
}

// DayAt returns the day that t shows in its own zone.
func DayAt(t time.Time) Day {
	const day = 24 * 60 * 60
	_, offset := t.Zone()
	seconds := t.Unix() + int64(offset)
	if seconds < 0 {
		seconds -= day - 1
	}
	return Day(seconds / day)
}

// When compares a message's day with that of a key.
type When uint8

// The comparisons.
const (
	Before When = iota + 1
	On
	Since
)

func (w When) holds(have, want Day) bool {
	switch w {
	case Before:
		return have < want
	case On:
		return have == want
	}
	return have >= want
}

// InternalDate compares the day of the internal date: BEFORE, ON, SINCE.
type InternalDate struct {
	When When
	Day  Day
}

// SaveDate compares the day on which a message came into its mailbox:
// SAVEDBEFORE, SAVEDON, SAVEDSINCE (RFC 8514 §4.3).
type SaveDate struct {
	When When
	Day  Day
}

// Tier implements Key.
func (InternalDate) Tier() Tier { return TierRow }

// Tier implements Key.
func (SaveDate) Tier() Tier { return TierRow }

// Match implements Key.
func (k InternalDate) Match(c *Candidate, tier Tier) (Verdict, error) {
	return matchRow(c, tier, func(r *Row) bool { return k.When.holds(r.InternalDay, k.Day) })
}

// Match implements Key.
func (k SaveDate) Match(c *Candidate, tier Tier) (Verdict, error) {
	return matchRow(c, tier, func(r *Row) bool { return k.When.holds(r.SaveDay, k.Day) })
}

// Received compares the internal date to the second: YOUNGER if Since, else
// OLDER. Both match a message of that very second (RFC 5032 §2).
type Received struct {
	Since bool
	Unix  int64
}

// Tier implements Key.
func (Received) Tier() Tier { return TierRow }

// Match implements Key.
func (k Received) Match(c *Candidate, tier Tier) (Verdict, error) {
	return matchRow(c, tier, func(r *Row) bool {
		if k.Since {
			return r.InternalUnix >= k.Unix
		}
		return r.InternalUnix <= k.Unix
	})
}
