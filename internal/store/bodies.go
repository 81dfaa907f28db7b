package store

import (
	"errors"

	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
	"github.com/restante/restante/internal/store/index"
	"github.com/restante/restante/internal/store/journal"
)

// bodies is a mail.BodyReader over the journal's.
type bodies struct{ reader journal.BodyReader }

func (b *bodies) Open(ref mail.BodyRef) (mail.StoredBody, error) {
	body, err := b.reader.Open(journal.BodyRef{
		ID:    journal.BodyID(ref.ID),
		Place: journal.Place{A: ref.Where[0], B: ref.Where[1]},
	})
	if err != nil {
		return nil, translate(err)
	}
	return storedBody{body}, nil
}

func (b *bodies) Close() error { return b.reader.Close() }

// storedBody gives errors the names of the domain.
type storedBody struct{ journal.Body }

func (b storedBody) Bytes() ([]byte, error) {
	octets, err := b.Body.Bytes()
	return octets, translate(err)
}

func (b storedBody) ReadAt(p []byte, at int64) (int, error) {
	n, err := b.Body.ReadAt(p, at)
	if err != nil && errors.Is(err, journal.ErrCorrupt) {
		err = translate(err)
	}
	return n, err
}

// locate tells the journal where a body lies.
func (s *Store) locate(id journal.BodyID) (journal.Place, bool) {
	value, err := s.index.Get(index.BodyKey(nil, mail.BodyID(id)))
	if err != nil || len(value) < index.PlaceWidth {
		return journal.Place{}, false
	}
	where := index.PlaceOf(value)
	return journal.Place{A: where[0], B: where[1]}, true
}

// storedStructure describes a stored body as an email is described that is the
// same octets, whoever has it. A copy into another account reads no body so; one
// that nobody has any more is parsed again.
func (s *Store) storedStructure(id mail.BodyID) (structure []byte, err error) {
	prefix := index.NamedPrefix(nil, id)
	cursor := s.index.Scan(prefix, index.PrefixEnd(prefix))
	if cursor.Next() {
		account, email := index.NamedOf(cursor.Key())
		structure, err = s.index.Get(index.StructureKey(nil, account, email))
	}
	if err := errors.Join(err, cursor.Close()); err != nil || structure != nil {
		return structure, err
	}
	return s.readStructure(s.index, id)
}

// readStructure parses a stored body, whose place the rows know.
func (s *Store) readStructure(rows index.Reader, id mail.BodyID) ([]byte, error) {
	value, err := rows.Get(index.BodyKey(nil, id))
	if err != nil {
		return nil, err
	}
	if value == nil {
		return nil, misfit("body %s is not stored", id)
	}
	where := index.PlaceOf(value)
	reader := s.journal.Bodies()
	structure, err := parseStored(reader, journal.BodyRef{
		ID: journal.BodyID(id), Place: journal.Place{A: where[0], B: where[1]},
	})
	return structure, errors.Join(translate(err), reader.Close())
}

func parseStored(reader journal.BodyReader, ref journal.BodyRef) ([]byte, error) {
	body, err := reader.Open(ref)
	if err != nil {
		return nil, err
	}
	parsed, err := message.Parse(body, body.Size())
	if err != nil {
		return nil, err
	}
	return message.AppendBinary(nil, parsed), nil
}
