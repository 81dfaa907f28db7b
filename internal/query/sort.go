package query

import (
	"cmp"
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

// Sorter puts messages into the order that SORT wants (RFC 5256 §3). It keeps
// what the criteria compare, and nothing else of a message.
type Sorter struct {
	collation Collation
	// Score gives each message its relevancy, for SortRelevancy.
	Score func(Message) (uint8, error)
	// Annotation gives each message the value that a SortAnnotation compares, ""
	// where there is none.
	Annotation func(imap.UID, imap.SortKey) string
	columns    []column
	uids       []imap.UID
	places     map[imap.UID]int32 // of uids; nil until Has or Find needs it
}

// column holds what one criterion compares, for each message.
type column struct {
	key     imap.SortKey
	numbers []int64
	texts   []byte // one behind the other
	ends    []int  // of each message's text
}

// NewSorter returns a sorter by criteria, the first of which weighs most. Texts
// are compared by the collation.
func NewSorter(keys []imap.SortKey, collation Collation) *Sorter {
	s := &Sorter{collation: collation, columns: make([]column, len(keys))}
	for i, key := range keys {
		s.columns[i].key = key
	}
	return s
}

// Add takes a message, each once. If one cannot
// be read, it is sorted by what is known of it.
func (s *Sorter) Add(m Message) error {
	var failed error
	for i := range s.columns {
		if s.columns[i].key.Field == imap.SortRelevancy {
			score, err := s.Score(m)
			s.columns[i].numbers = append(s.columns[i].numbers, -int64(score))
			failed = cmp.Or(err, failed)
			continue
		}
		if s.columns[i].key.Field == imap.SortAnnotation {
			s.columns[i].addText(s.Annotation(m.UID(), s.columns[i].key), s.collation.Comparator)
			continue
		}
		if err := s.columns[i].add(m, s.collation.Comparator); err != nil {
			failed = err
		}
	}
	if s.places != nil {
		s.places[m.UID()] = int32(len(s.uids))
	}
	s.uids = append(s.uids, m.UID())
	return failed
}

func (c *column) addText(text string, comparator Comparator) {
	c.texts = comparator.appendKey(c.texts, text)
	c.ends = append(c.ends, len(c.texts))
}

func (c *column) add(m Message, comparator Comparator) error {
	switch c.key.Field {
	case imap.SortArrival, imap.SortSize:
		row, err := m.Row()
		value := row.InternalUnix
		if c.key.Field == imap.SortSize {
			value = row.Size
		}
		c.numbers = append(c.numbers, value)
		return err
	case imap.SortDate:
		sent, err := SentUnix(m)
		c.numbers = append(c.numbers, sent)
		return err
	}
	structure, err := m.Structure()
	if err == nil {
		c.addEncoded(comparator, &structure.Envelope)
	}
	c.ends = append(c.ends, len(c.texts))
	return err
}

// SentUnix returns the sent date in seconds since 1970, UTC: that of the Date
// field, or the internal date where that cannot be read (RFC 5256 §2.2).
func SentUnix(m Message) (int64, error) {
	sent, err := m.Sent()
	if err == nil && !sent.IsZero() {
		return sent.Unix(), nil
	}
	row, rowErr := m.Row()
	return row.InternalUnix, cmp.Or(err, rowErr)
}

// addEncoded adds the text of a field, which may be encoded.
func (c *column) addEncoded(comparator Comparator, e *message.Envelope) {
	text, ok := sortText(c.key.Field, e)
	if !ok { // octets are compared, and stand behind all texts (RFC 5255 §4.6)
		c.texts = append(append(c.texts, behindTexts), text...)
		return
	}
	c.texts = comparator.appendKey(c.texts, text)
}

// behindTexts is greater than the first octet of any key of a text.
const behindTexts = 0xFF

// sortText returns the text that a criterion compares, decoded; or its octets and
// false, if it is not valid in its charset, or nobody knows that (RFC 5255 §4.6).
func sortText(field imap.SortField, e *message.Envelope) (text string, ok bool) {
	switch field {
	case imap.SortSubject:
		text, ok = message.DecodeWordsStrictly(e.Subject.Text)
		text, _ = baseOf(text)
		return text, ok
	case imap.SortFrom:
		return firstMailbox(e.From)
	case imap.SortTo:
		return firstMailbox(e.To)
	case imap.SortCc:
		return firstMailbox(e.Cc)
	case imap.SortDisplayFrom:
		return firstDisplay(e.From)
	}
	return firstDisplay(e.To)
}

// firstMailbox returns the addr-mailbox of the first address; of a group that is
// its name (RFC 9051 §7.5.2).
func firstMailbox(list []message.Address) (text string, ok bool) {
	if len(list) == 0 {
		return "", true
	}
	return message.DecodeWordsStrictly(list[0].Mailbox)
}

// firstDisplay returns what is shown for the first address (RFC 5957 §3).
func firstDisplay(list []message.Address) (text string, ok bool) {
	if len(list) == 0 {
		return "", true
	}
	first := &list[0]
	if name, ok := message.DecodeWordsStrictly(first.Name); name != "" {
		return name, ok
	}
	if first.Kind != message.AddressMailbox {
		return message.DecodeWordsStrictly(first.Mailbox)
	}
	return message.DecodeWordsStrictly(first.Mailbox + "@" + first.Host)
}

// Order returns the messages in order. Those that are equal by all criteria stay
// in the order of the mailbox.
func (s *Sorter) Order() []imap.UID {
	places := make([]int32, len(s.uids))
	for i := range places {
		places[i] = int32(i)
	}
	slices.SortFunc(places, s.compare)
	order := make([]imap.UID, len(places))
	for i, place := range places {
		order[i] = s.uids[place]
	}
	return order
}

// Find returns where a message that was added belongs in a list that is in
// order and does not hold it, counted from zero.
func (s *Sorter) Find(order []imap.UID, uid imap.UID) int {
	s.index()
	place := s.places[uid]
	at, _ := slices.BinarySearchFunc(order, place, func(other imap.UID, place int32) int {
		return s.compare(s.places[other], place)
	})
	return at
}

func (s *Sorter) index() {
	if s.places != nil {
		return
	}
	s.places = make(map[imap.UID]int32, len(s.uids))
	for place, uid := range s.uids {
		s.places[uid] = int32(place)
	}
}

func (s *Sorter) compare(a, b int32) int {
	for i := range s.columns {
		if order := s.columns[i].compare(a, b, s.collation); order != 0 {
			return order
		}
	}
	return cmp.Compare(s.uids[a], s.uids[b])
}

func (c *column) compare(a, b int32, collation Collation) (order int) {
	if c.numbers != nil {
		order = cmp.Compare(c.numbers[a], c.numbers[b])
	} else {
		order = collation.compare(c.text(a), c.text(b))
	}
	if c.key.Reverse {
		return -order
	}
	return order
}

func (c *column) text(place int32) []byte {
	return c.texts[c.start(place):c.ends[place]]
}

// start returns where the text of a place begins.
func (c *column) start(place int32) int {
	if place == 0 {
		return 0
	}
	return c.ends[place-1]
}
