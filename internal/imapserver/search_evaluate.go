package imapserver

import (
	"io"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
)

// evaluate finds the messages that the client knows of and that match a
// lowered key.
func (s *session) evaluate(key imap.SearchKey) (found, error) {
	var result found
	bodies := s.account.Bodies()
	defer bodies.Close()
	err := s.account.Read(s.context, func(state mail.State) error {
		mailbox, err := state.Mailbox(s.mailbox.id)
		if err != nil {
			return ignoreGone(err)
		}
		c := candidate{state: state, mailbox: mailbox, bodies: bodies}
		for m, err := range state.Messages(s.mailbox.id, s.mailbox.view.All()) {
			if err != nil {
				return err
			}
			c.reset(m)
			if c.matches(key) {
				result.add(m.UID, m.ModSeq)
			}
			if c.err != nil {
				return c.err
			}
		}
		return nil
	})
	return result, err
}

// candidate is a message that a key is asked about.
type candidate struct {
	state     mail.State
	mailbox   *mail.Mailbox
	bodies    mail.BodyReader
	m         *mail.Message
	structure *message.Structure
	body      mail.StoredBody
	header    []byte
	err       error
}

func (c *candidate) reset(m *mail.Message) {
	c.m, c.structure, c.body, c.header = m, nil, nil, nil
}

func (c *candidate) matches(key imap.SearchKey) bool {
	switch k := key.(type) {
	case imap.SearchAnd:
		for _, inner := range k.Keys {
			if !c.matches(inner) {
				return false
			}
		}
		return true
	case imap.SearchOr:
		return c.matches(k.Left) || c.matches(k.Right)
	case imap.SearchNot:
		return !c.matches(k.Key)
	case imap.SearchUIDs:
		return k.Set.Contains(c.m.UID)
	case imap.SearchFlag:
		bit, known := c.mailbox.Bit(k.Flag)
		return (known && c.m.Flags.Has(bit)) != k.Absent
	case imap.SearchSize:
		if k.Larger {
			return uint64(c.m.Size) > k.Octets
		}
		return uint64(c.m.Size) < k.Octets
	case imap.SearchModSeq:
		return c.m.ModSeq >= k.ModSeq
	case imap.SearchDate:
		return c.matchesDate(k)
	case imap.SearchHeader:
		return c.headerContains(k.Field, k.Value)
	case imap.SearchText:
		return c.matchesText(k)
	}
	return true
}

func (c *candidate) matchesDate(k imap.SearchDate) bool {
	at := c.m.InternalDate.Time()
	if k.Of == imap.DateSent {
		if c.load(); c.structure == nil || c.structure.Sent.IsZero() {
			return false
		}
		at = c.structure.Sent
	}
	order := imap.DateOf(at).Compare(k.Date)
	switch k.When {
	case imap.DateBefore:
		return order < 0
	case imap.DateOn:
		return order == 0
	}
	return order >= 0
}

var placeFields = map[imap.SearchPlace]string{
	imap.InFrom: "From", imap.InTo: "To", imap.InCc: "Cc", imap.InBcc: "Bcc", imap.InSubject: "Subject",
}

func (c *candidate) matchesText(k imap.SearchText) bool {
	if field, ok := placeFields[k.Place]; ok {
		return c.headerContains(field, k.Value)
	}
	if c.open(); c.structure == nil {
		return false
	}
	if k.Place == imap.InText && contains(message.DecodeWords(string(c.header)), k.Value) {
		return true
	}
	found := false
	c.structure.Walk(func(_ []uint32, part *message.Part) bool {
		if !found && part.IsText() {
			text, err := io.ReadAll(part.TextReader(c.body))
			if err != nil {
				c.err = err
			}
			found = contains(string(text), k.Value)
		}
		return !found
	})
	return found
}

func (c *candidate) headerContains(field, value string) bool {
	c.open()
	for text := range message.HeaderValues(c.header, field) {
		if contains(message.DecodeWords(text), value) {
			return true
		}
	}
	return false
}

func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

func (c *candidate) load() {
	if c.structure == nil {
		c.structure, c.err = c.state.Structure(c.m.Email)
	}
}

func (c *candidate) open() {
	if c.load(); c.body != nil || c.err != nil {
		return
	}
	if c.body, c.err = c.bodies.Open(c.m.Body); c.err != nil {
		return
	}
	c.header = make([]byte, c.structure.Root.Header.Len())
	if n, err := c.body.ReadAt(c.header, c.structure.Root.Header.Start); n < len(c.header) {
		c.err = err
	}
}
