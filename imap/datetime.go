package imap

import "time"

// DateTime is a date-time such as INTERNALDATE: an instant to the second, and
// the zone in which it was stated (RFC 9051 §9, date-time).
type DateTime struct {
	// Unix counts seconds since the beginning of 1970, UTC.
	Unix int64
	// ZoneMinutes is the zone's distance from UTC, positive to the east.
	ZoneMinutes int16
}

// DateTimeOf returns t cut to its second, in the zone that t carries.
func DateTimeOf(t time.Time) DateTime {
	_, offset := t.Zone()
	return DateTime{Unix: t.Unix(), ZoneMinutes: int16(offset / 60)}
}

// Time returns the same instant in a fixed zone.
func (d DateTime) Time() time.Time {
	if d.ZoneMinutes == 0 {
		return time.Unix(d.Unix, 0).UTC()
	}
	return time.Unix(d.Unix, 0).In(time.FixedZone("", int(d.ZoneMinutes)*60))
}

// String returns the date-time as the grammar writes it, without the quotes.
func (d DateTime) String() string { return string(d.AppendText(nil)) }

// AppendText appends the date-time as the grammar writes it, without the
// quotes: " 7-Feb-1994 21:52:25 -0800" (RFC 9051 §9, date-time).
func (d DateTime) AppendText(b []byte) []byte {
	local := time.Unix(d.Unix+int64(d.ZoneMinutes)*60, 0).UTC()
	year, month, day := local.Date()
	if day < 10 {
		b = append(b, ' ', byte('0'+day))
	} else {
		b = appendTwoDigits(b, day)
	}
	b = append(b, '-')
	b = append(b, MonthName(month)...)
	b = append(b, '-')
	b = appendYear(b, year)
	hour, minute, second := local.Clock()
	for i, n := range [...]int{hour, minute, second} {
		b = append(b, " ::"[i])
		b = appendTwoDigits(b, n)
	}
	sign, zone := byte('+'), int(d.ZoneMinutes)
	if zone < 0 {
		sign, zone = '-', -zone
	}
	b = append(b, ' ', sign)
	b = appendTwoDigits(b, zone/60)
	return appendTwoDigits(b, zone%60)
}

// Date is a calendar day without zone, as SEARCH keys name it
// (RFC 9051 §9, date).
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day that t shows in its own zone: SEARCH disregards time
// and timezone (RFC 9051 §6.4.4).
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// String returns the date as the grammar writes it, unquoted: 1-Feb-1994.
func (d Date) String() string { return string(d.AppendText(nil)) }

// AppendText appends the date as the grammar writes it, unquoted.
func (d Date) AppendText(b []byte) []byte {
	if d.Day >= 10 {
		b = append(b, byte('0'+d.Day/10%10))
	}
	b = append(b, byte('0'+d.Day%10), '-')
	b = append(b, MonthName(d.Month)...)
	b = append(b, '-')
	return appendYear(b, d.Year)
}

// Compare orders days: negative if d is earlier than other, zero if equal.
func (d Date) Compare(other Date) int {
	switch {
	case d.Year != other.Year:
		return d.Year - other.Year
	case d.Month != other.Month:
		return int(d.Month - other.Month)
	}
	return d.Day - other.Day
}

const monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec"

// MonthName returns the three letters of a month (RFC 9051 §9, date-month).
func MonthName(m time.Month) string {
	if m < time.January || m > time.December {
		m = time.January
	}
	return monthNames[3*int(m)-3 : 3*int(m)]
}

func appendTwoDigits(b []byte, n int) []byte {
	return append(b, byte('0'+n/10%10), byte('0'+n%10))
}

// appendYear writes four digits, which is all the grammar has room for.
func appendYear(b []byte, year int) []byte {
	year = min(max(year, 0), 9999)
	return appendTwoDigits(appendTwoDigits(b, year/100), year%100)
}
