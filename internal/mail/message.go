package mail

import (
	"time"

	"github.com/restante/restante/imap"
)

// Message is what a State knows of one message without looking at its
// content. It is small, so that reading those of a whole mailbox is cheap.
type Message struct {
	UID          imap.UID
	ModSeq       imap.ModSeq // of the newest change of its flags, or of its arrival
	Flags        Flags
	Email        EmailID
	Size         int64 // octets, RFC822.SIZE
	InternalDate Instant
	SaveDate     int64 // Unix seconds at which it came into this mailbox (RFC 8514)
	Body         BodyRef
	// Removed is zero for a message that is in its mailbox, and the position
	// of its removal for one that is only kept for those not yet told.
	Removed imap.ModSeq
}

// Instant is a moment in seconds with the zone in which it was given, as
// INTERNALDATE keeps it (RFC 9051 §2.3.3).
type Instant struct {
	Unix        int64 // seconds since 1970 UTC
	ZoneMinutes int16 // east of UTC
}

// InstantOf returns t, to the second, in its own zone.
func InstantOf(t time.Time) Instant {
	_, offset := t.Zone()
	return Instant{t.Unix(), int16(offset / 60)}
}

// Time returns the instant in its zone.
func (i Instant) Time() time.Time {
	return time.Unix(i.Unix, 0).In(time.FixedZone("", int(i.ZoneMinutes)*60))
}

// Day returns the number of days between 1970-01-01 and the instant's date in
// its own zone: SEARCH compares dates without regard to time and zone
// (RFC 9051 §6.4.4).
func (i Instant) Day() int64 {
	const day = 24 * 60 * 60
	local := i.Unix + int64(i.ZoneMinutes)*60
	if local < 0 {
		return (local - day + 1) / day
	}
	return local / day
}
