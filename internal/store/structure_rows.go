package store

import (
	"bytes"
	"time"

	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
	"github.com/restante/restante/internal/store/index"
)

// structureRows reads the parsed forms of messages. Those of a mailbox lie beside
// each other mostly in the order in which they are asked for, so after the
// first a step of a cursor finds what a look-up would cost many times more to
// find.
type structureRows struct {
	cursor index.Cursor // nil until a second structure is asked for
	asked  bool
	valid  bool // the cursor stands on a row
	key    []byte
}

// get returns the row of one structure, nil if there is none, valid until the
// next call.
func (s *structureRows) get(rows index.Reader, account mail.AccountID, email mail.EmailID) ([]byte, error) {
	s.key = index.StructureKey(s.key[:0], account, email)
	if !s.asked {
		s.asked = true
		return rows.Get(s.key)
	}
	switch {
	case s.cursor == nil:
		prefix := index.StructurePrefix(nil, account)
		s.cursor = rows.Scan(prefix, index.PrefixEnd(prefix))
		s.valid = s.cursor.Seek(s.key)
	case s.compare() > 0: // a cursor goes forward only
		return rows.Get(s.key)
	case s.compare() < 0:
		if s.valid = s.cursor.Next(); s.compare() < 0 {
			s.valid = s.cursor.Seek(s.key)
		}
	}
	if s.compare() != 0 {
		return nil, nil
	}
	return s.cursor.Value(), nil
}

// compare says where the cursor stands, seen from the wanted row.
func (s *structureRows) compare() int {
	if !s.valid {
		return 1
	}
	return bytes.Compare(s.cursor.Key(), s.key)
}

// close gives the cursor back, and returns the error that stopped it.
func (s *structureRows) close() error {
	if s.cursor == nil {
		return nil
	}
	return s.cursor.Close()
}

func (s *state) Structure(email mail.EmailID) (*message.Structure, error) {
	value, err := s.structureRow(email)
	if err != nil {
		return nil, err
	}
	return message.DecodeBinary(value)
}

func (s *state) Sent(email mail.EmailID) (time.Time, error) {
	value, err := s.structureRow(email)
	if err != nil {
		return time.Time{}, err
	}
	return message.DecodeSent(value)
}

func (s *state) structureRow(email mail.EmailID) ([]byte, error) {
	value, err := s.structures.get(s.rows, s.account.id, email)
	if err == nil && value == nil {
		err = mail.ErrNoMessage
	}
	return value, err
}
