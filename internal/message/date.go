package message

import (
	"strings"
	"time"
)

// ParseDate reads a date-time (RFC 5322 §3.3 and §4.3) and the other forms
// that Date fields hold: ctime, RFC 850, ISO 8601, two-digit years, named
// zones. It reports whether there is a date; a time that is missing or cannot
// be read is midnight, and an unknown zone is UTC (RFC 5256 §2.2).
func ParseDate(text string) (time.Time, bool) {
	var d dateReader
	for len(text) > 0 && d.tokens < dateTokensMax {
		c := text[0]
		switch {
		case c == '(':
			text = text[commentEnd([]byte(text)):]
			d.tokens++
		case c == ' ' || c == '\t' || c == ',':
			text = text[1:]
		default:
			n := strings.IndexAny(text, " \t,(")
			if n < 0 {
				n = len(text)
			}
			d.token(text[:n])
			text = text[n:]
			d.tokens++
		}
	}
	return d.result()
}

// dateTokensMax bounds the words and comments looked at: a date has eight at most.
const dateTokensMax = 16

// dateReader gathers the elements of a date in whatever order they come.
type dateReader struct {
	tokens           int
	day, month, year int
	hasYear          bool
	hour, min, sec   int
	hasTime          bool
	zone             int // minutes east
	hasZone          bool
	afternoon        int // 1 AM, 2 PM
}

func (d *dateReader) token(t string) {
	switch {
	case !d.hasTime && strings.IndexByte(t, ':') > 0:
		d.timeToken(t)
	case (t[0] == '+' || t[0] == '-') && (d.hasTime || d.hasYear):
		d.zoneToken(t)
	case strings.IndexByte(t, '-') > 0:
		d.dashed(t)
	case strings.IndexByte(t, '/') > 0 && !d.hasTime:
		d.slashed(t)
	case '0' <= t[0] && t[0] <= '9':
		d.number(t)
	default:
		d.word(t)
	}
}

// number takes a day, a year, or an hour-less leftover.
func (d *dateReader) number(t string) {
	n, length := leadingNumber(t)
	switch {
	case d.day == 0 && length <= 2:
		d.day = n
	case !d.hasYear && length <= 4:
		d.setYear(n, length)
	}
}

// setYear applies the windows for years of two and three digits
// (RFC 5322 §4.3), and mends the years since 1900 that some programs write with
// four.
func (d *dateReader) setYear(n, length int) {
	switch {
	case length <= 2 && n < 50:
		n += 2000
	case length <= 3, n < 200:
		n += 1900
	}
	d.year, d.hasYear = n, true
}

func leadingNumber(t string) (n, length int) {
	for length < len(t) && '0' <= t[length] && t[length] <= '9' && length < 9 {
		n = n*10 + int(t[length]-'0')
		length++
	}
	return n, length
}

// dashed takes 23-Nov-2026, 2026-11-23 and 2026-11-23T10:11:12Z, and GMT-0500.
func (d *dateReader) dashed(t string) {
	first, rest, _ := strings.Cut(t, "-")
	if n, length := leadingNumber(first); length == 0 {
		if d.hasTime {
			d.zoneToken(t[len(first):])
		}
		return
	} else if length == 4 && !d.hasYear {
		d.setYear(n, length)
		month, day, _ := strings.Cut(rest, "-")
		d.month, _ = leadingNumber(month)
		d.day, _ = leadingNumber(day)
		if _, clock, ok := strings.Cut(day, "T"); ok && clock != "" {
			d.timeToken(clock)
		}
		return
	}
	for part := range strings.SplitSeq(t, "-") {
		if part != "" {
			d.token(part)
		}
	}
}

// slashed takes the American 11/23/2026.
func (d *dateReader) slashed(t string) {
	month, rest, _ := strings.Cut(t, "/")
	day, year, _ := strings.Cut(rest, "/")
	d.month, _ = leadingNumber(month)
	d.day, _ = leadingNumber(day)
	d.setYear(leadingNumber(year))
}

// timeToken takes 10:11, 10:11:12, 10:11:12.5 and what is glued to it: a zone,
// AM or PM. A date glued in front, 2026-11-23T, is taken too.
func (d *dateReader) timeToken(t string) {
	if i := strings.IndexByte(t, 'T'); i > 0 && strings.IndexByte(t[:i], '-') > 0 {
		d.dashed(t[:i])
		t = t[i+1:]
	}
	hour, length := leadingNumber(t)
	if length == 0 || length > 2 || length == len(t) || t[length] != ':' {
		return
	}
	minute, n := leadingNumber(t[length+1:])
	t = t[length+1+n:]
	second := 0
	if len(t) > 0 && t[0] == ':' {
		second, n = leadingNumber(t[1:])
		t = t[1+n:]
	}
	if len(t) > 0 && (t[0] == '.' || t[0] == ',') {
		_, n = leadingNumber(t[1:])
		t = t[1+n:]
	}
	d.hasTime = true
	if hour < 24 && minute < 60 && second <= 60 {
		d.hour, d.min, d.sec = hour, minute, second
	}
	if t != "" {
		d.token(t)
	}
}

// zoneToken takes +0100, -05:00 and +1.
func (d *dateReader) zoneToken(t string) {
	if d.hasZone || len(t) < 2 {
		return
	}
	n, length := leadingNumber(t[1:])
	if length <= 2 && len(t) > 1+length && t[1+length] == ':' {
		minutes, _ := leadingNumber(t[2+length:])
		n, length = n*100+minutes, 4
	}
	switch {
	case length == 0 || length > 4:
		return
	case length <= 2:
		n *= 100
	}
	minutes := n/100*60 + n%100
	if n%100 >= 60 || minutes >= 24*60 {
		return
	}
	if t[0] == '-' {
		minutes = -minutes
	}
	d.zone, d.hasZone = minutes, true
}

// word takes the name of a month or a zone, AM and PM; the day of the week and
// all else is passed over.
func (d *dateReader) word(t string) {
	var buf [3]byte
	if len(t) >= 3 && d.month == 0 {
		switch string(lowerInto(buf[:], []byte(t[:3]))) {
		case "mon", "tue", "wed", "thu", "fri", "sat", "sun":
			return
		}
		for i, name := range monthNames {
			if string(buf[:]) == name {
				d.month = i + 1
				return
			}
		}
	}
	switch {
	case strings.EqualFold(t, "am"):
		d.afternoon = 1
	case strings.EqualFold(t, "pm"):
		d.afternoon = 2
	case d.hasTime && !d.hasZone:
		d.zoneName(t)
	}
}

// zoneName takes GMT, EST and the like, also with an offset: GMT+0100. Single
// letters mean nothing (RFC 5322 §4.3).
func (d *dateReader) zoneName(t string) {
	name, offset := t, ""
	if i := strings.IndexAny(t, "+-"); i > 0 {
		name, offset = t[:i], t[i:]
	}
	for _, z := range namedZones {
		if strings.EqualFold(z.name, name) {
			if offset != "" && z.hours == 0 {
				d.zoneToken(offset)
				return
			}
			d.zone, d.hasZone = z.hours*60, true
			return
		}
	}
	if offset != "" {
		d.zoneToken(offset)
	}
}

var monthNames = [...]string{
	"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
}

// namedZones are those of RFC 5322 §4.3 and the unambiguous ones of real mail.
var namedZones = [...]struct {
	name  string
	hours int
}{
	{"GMT", 0}, {"UT", 0}, {"UTC", 0}, {"Z", 0},
	{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},
	{"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7},
	{"BST", 1}, {"MET", 1}, {"CET", 1}, {"MEST", 2}, {"MESZ", 2}, {"CEST", 2},
	{"EET", 2}, {"EEST", 3}, {"MSK", 3}, {"MSD", 4}, {"JST", 9}, {"KST", 9}, {"HKT", 8},
}

func (d *dateReader) result() (time.Time, bool) {
	if d.month < 1 || d.month > 12 || !d.hasYear || d.day < 1 || d.day > daysIn(d.month, d.year) {
		return time.Time{}, false
	}
	switch {
	case d.afternoon == 2 && d.hour < 12:
		d.hour += 12
	case d.afternoon == 1 && d.hour == 12:
		d.hour = 0
	}
	return time.Date(d.year, time.Month(d.month), d.day, d.hour, d.min, d.sec, 0, zoneAt(d.zone)), true
}

func daysIn(month, year int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// zoneAt returns the zone of an offset in minutes. Those in use are shared.
func zoneAt(minutes int) *time.Location {
	if minutes == 0 {
		return time.UTC
	}
	if i := minutes/15 + zonesWest; minutes%15 == 0 && i >= 0 && i < len(zones) {
		return zones[i]
	}
	return time.FixedZone("", minutes*60)
}

const zonesWest = 12 * 4

// zones are the offsets from -12:00 to +14:00 by quarters of an hour.
var zones = func() (table [zonesWest + 14*4 + 1]*time.Location) {
	for i := range table {
		table[i] = time.FixedZone("", (i-zonesWest)*15*60)
	}
	return table
}()
