package imapwire

import (
	"time"

	"github.com/restante/restante/imap"
)

// Date reads a date, in quotes or not (RFC 9051 §9, date).
func (d *Decoder) Date() imap.Date {
	quoted := d.accept('"')
	day := d.digits(1)
	if isDigit(d.peek()) {
		day = day*10 + d.digits(1)
	}
	date := d.dateRest(day)
	if quoted {
		d.expect('"', "a closing quote is missing")
	}
	return date
}

// DateTime reads a date-time (RFC 9051 §9, date-time). The day has two digits or
// a space and one; one digit alone, which some clients send, is accepted too.
func (d *Decoder) DateTime() imap.DateTime {
	d.expect('"', "a date-time in quotes is missing")
	d.accept(' ')
	day := d.digits(1)
	if isDigit(d.peek()) {
		day = day*10 + d.digits(1)
	}
	date := d.dateRest(day)
	d.SP()
	hour := d.digits(2)
	d.expect(':', "a colon is missing in a time")
	minute := d.digits(2)
	d.expect(':', "a colon is missing in a time")
	second := d.digits(2)
	// A second of 60 is a leap second (RFC 5322 §3.3), which Unix time has not.
	if hour > 23 || minute > 59 || second > 60 {
		d.Fail("a time is out of range")
	}
	d.SP()
	zone := d.zone()
	d.expect('"', "a closing quote is missing")
	if d.err != nil {
		return imap.DateTime{}
	}
	local := time.Date(date.Year, date.Month, date.Day, hour, minute, min(second, 59), 0, time.UTC)
	return imap.DateTime{Unix: local.Unix() - int64(zone)*60, ZoneMinutes: int16(zone)}
}

// dateRest reads "-month-year" and checks that the day exists.
func (d *Decoder) dateRest(day int) imap.Date {
	d.expect('-', "a hyphen is missing in a date")
	month := d.month()
	d.expect('-', "a hyphen is missing in a date")
	date := imap.Date{Year: d.digits(4), Month: month, Day: day}
	if d.err != nil {
		return imap.Date{}
	}
	// time.Date carries a day that the month does not have over to the next.
	if at := time.Date(date.Year, month, day, 0, 0, 0, 0, time.UTC); day == 0 || at.Day() != day {
		d.Fail("a date does not exist")
	}
	return date
}

func (d *Decoder) month() time.Month {
	if d.err == nil && len(d.text)-d.pos >= 3 {
		name := d.text[d.pos : d.pos+3]
		for month := time.January; month <= time.December; month++ {
			known := imap.MonthName(month)
			if name[0]|0x20 == known[0]|0x20 && name[1]|0x20 == known[1] && name[2]|0x20 == known[2] {
				d.pos += 3
				return month
			}
		}
	}
	d.Fail("a month is missing")
	return time.January
}

// zone reads the distance from UTC in minutes (RFC 9051 §9, zone).
func (d *Decoder) zone() int {
	sign := 1
	if d.accept('-') {
		sign = -1
	} else {
		d.expect('+', "a zone is missing")
	}
	hours, minutes := d.digits(2), d.digits(2)
	if minutes > 59 {
		d.Fail("a zone is out of range")
	}
	return sign * (hours*60 + minutes)
}

// digits reads exactly n digits.
func (d *Decoder) digits(n int) int {
	value := 0
	for ; n > 0; n-- {
		c := d.peek()
		if !isDigit(c) {
			d.Fail("a digit is missing")
			return 0
		}
		d.pos++
		value = value*10 + int(c-'0')
	}
	return value
}
