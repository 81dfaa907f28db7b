package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
	"github.com/restante/restante/internal/store/index"
	"github.com/restante/restante/internal/store/journal"
)

// replay brings the index to the end of the journal.
func (s *Store) replay(ctx context.Context) error {
	applied, _, err := s.index.Applied()
	if err != nil {
		return err
	}
	from := journal.Offset{Segment: applied.Segment, Byte: applied.Byte}
	r := &replayer{store: s, to: s.index, meter: s.newMeter("index", from)}
	return errors.Join(r.run(ctx, from, s.journal.End()), r.close())
}

// replayer writes the rows of units to an index, many at a time. Poison, be
// it damaged octets or a record that fits nothing, is logged and passed over.
type replayer struct {
	store  *Store
	to     *index.Index
	meter  *meter
	layer  *plan // rows that are not in the index yet
	found  places
	after  journal.Offset
	units  int
	reader journal.BodyReader
}

// run replays what lies behind from, up to an offset.
func (r *replayer) run(ctx context.Context, from, upTo journal.Offset) error {
	r.reset()
	r.reader = r.store.journal.Bodies()
	if !from.Less(upTo) {
		return nil
	}
	for unit, err := range r.store.journal.Replay(ctx, from) {
		if err != nil {
			if ctx.Err() != nil || !errors.Is(err, journal.ErrCorrupt) || unit.After == (journal.Offset{}) {
				return err
			}
			r.store.log.Error("damaged part of the journal is passed over", "error", err)
			r.after = unit.After
			continue
		}
		if err := r.unit(&unit); err != nil {
			return err
		}
		if !unit.After.Less(upTo) {
			break
		}
	}
	return r.flush()
}

func (r *replayer) close() error {
	if r.reader == nil {
		return nil
	}
	return r.reader.Close()
}

func (r *replayer) reset() {
	r.layer, r.found = &plan{}, places{}
}

func (r *replayer) unit(unit *journal.Durable) error {
	setBodies(layerSetter{r}, unit, r.found)
	for _, f := range unit.Frames {
		if err := r.frame(f); err != nil {
			return err
		}
	}
	r.after = unit.After
	r.meter.at(unit.After)
	if len(r.layer.rows.list) >= replayWrites {
		return r.flush()
	}
	return nil
}

// layerSetter collects rows in the replay's layer.
type layerSetter struct{ *replayer }

func (l layerSetter) Set(key, value []byte) { l.layer.rows.set(key, value) }
func (l layerSetter) Delete(key []byte)     { l.layer.rows.delete(key) }

// DeletePrefix is never called on a layer: see frame.
func (l layerSetter) DeletePrefix([]byte) {}

func (r *replayer) frame(f journal.Frame) error {
	log := r.store.log.With("account", uint64(f.Account), "position", uint64(f.Position))
	rows := layered{r.to, []*plan{r.layer}}
	head, err := readHead(&rows, mail.AccountID(f.Account))
	if err != nil {
		return err
	}
	if imap.ModSeq(f.Position) <= head.Position {
		return nil // is in the index already
	}
	if imap.ModSeq(f.Position) != head.Position+1 {
		log.Error("records are missing before this position", "after", uint64(head.Position))
	}
	decoded, err := decodeCommit(f.Records)
	if err != nil {
		log.Error("records cannot be read and are passed over", "error", err)
	}
	p, err := derive(rows, frame{mail.AccountID(f.Account), imap.ModSeq(f.Position), decoded}, r.structure(&rows), func(err error) error {
		log.Error("record is passed over", "error", err)
		return nil
	})
	if err != nil {
		return err
	}
	if p.erase {
		return r.erase(p)
	}
	return writePlan(layerSetter{r}, &rows, p, r.found)
}

// erase writes a plan that begins with a deletion, which a layer cannot hold.
func (r *replayer) erase(p *plan) error {
	if err := r.flush(); err != nil {
		return err
	}
	batch := r.to.Batch()
	if err := writePlan(batch, r.to, p, r.found); err != nil {
		return errors.Join(err, batch.Discard())
	}
	return batch.Commit(r.store.applied(r.after))
}

// flush writes the layer to the index.
func (r *replayer) flush() error {
	if r.after == (journal.Offset{}) {
		return nil
	}
	batch := r.to.Batch()
	if err := writePlan(batch, r.to, r.layer, r.found); err != nil {
		return errors.Join(err, batch.Discard())
	}
	r.reset()
	return batch.Commit(r.store.applied(r.after))
}

// structure reads and parses bodies. One that cannot be read is described as
// an empty message, so that it stops nothing.
func (r *replayer) structure(rows index.Reader) structures {
	return func(id mail.BodyID) ([]byte, error) {
		where, err := place(rows, id, r.found)
		if err != nil {
			return nil, err
		}
		parsed, err := r.parse(journal.BodyRef{ID: journal.BodyID(id), Place: journal.Place{A: where[0], B: where[1]}})
		if err != nil {
			r.store.log.Error("body cannot be described", "body", id.String(), "error", err)
			return message.AppendBinary(nil, message.ParseBytes(nil)), nil
		}
		return parsed, nil
	}
}

// parse parses a body; a fault of the parser is an error like any other.
func (r *replayer) parse(ref journal.BodyRef) (parsed []byte, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("parser failed: %v", fault)
		}
	}()
	return parseStored(r.reader, ref)
}

// meter tells how far a replay has come.
type meter struct {
	what   string
	tell   func(Progress)
	before map[uint64]int64 // octets in the segments before each
	start  int64
	total  int64
	told   int64
}

const meterStep = 1 << 20

func (s *Store) newMeter(what string, from journal.Offset) *meter {
	m := &meter{what: what, tell: s.options.Progress, before: map[uint64]int64{}}
	for number, size := range s.journal.Segments() {
		m.before[number] = m.total
		m.total += size
	}
	m.start = m.before[from.Segment] + from.Byte
	return m
}

func (m *meter) at(offset journal.Offset) {
	done := m.before[offset.Segment] + offset.Byte
	if done-m.told >= meterStep || done >= m.total {
		m.told = done
		m.tell(Progress{m.what, done - m.start, m.total - m.start})
	}
}
