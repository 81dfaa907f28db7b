package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
	"github.com/restante/restante/internal/store/journal"
)

// Filter says what Dump prints.
type Filter struct {
	Journal, Index bool
	// Account, if not nil, is the only account of interest.
	Account *mail.AccountID
}

// Dump prints the records of the journal and the rows of the index in words, a
// line each, without texts of messages and values of entries.
func (s *Store) Dump(ctx context.Context, w io.Writer, filter Filter) error {
	if err := s.gate.enter(); err != nil {
		return err
	}
	defer s.gate.leave()
	out := bufio.NewWriter(w)
	var err error
	if filter.Journal {
		err = s.dumpJournal(ctx, out, filter)
	}
	if err == nil && filter.Index {
		err = s.dumpIndex(ctx, out, filter)
	}
	return errors.Join(err, out.Flush())
}

func (s *Store) dumpJournal(ctx context.Context, out *bufio.Writer, filter Filter) error {
	for unit, err := range s.journal.Replay(ctx, journal.Offset{}) {
		if err != nil {
			if unit.After == (journal.Offset{}) {
				return err
			}
			fmt.Fprintf(out, "damaged: %v\n", err)
			continue
		}
		for _, f := range unit.Frames {
			if filter.Account != nil && *filter.Account != mail.AccountID(f.Account) {
				continue
			}
			dumpFrame(out, f, unit.After)
		}
		if filter.Account != nil {
			continue
		}
		for i, ref := range unit.Bodies {
			fmt.Fprintf(out, "body %x: %d octets, place %x\n", ref.ID[:8], unit.Sizes[i], ref.Place)
		}
	}
	return nil
}

func dumpFrame(out *bufio.Writer, f journal.Frame, after journal.Offset) {
	decoded, err := decodeCommit(f.Records)
	fmt.Fprintf(out, "account %d, position %d, before segment %d octet %d", f.Account, f.Position, after.Segment, after.Byte)
	if err != nil {
		fmt.Fprintf(out, ": %v\n", err)
		return
	}
	fmt.Fprintf(out, ", %s\n", time.Unix(decoded.Unix, 0).UTC().Format(time.RFC3339))
	for _, r := range decoded.Records {
		switch r := r.(type) {
		case mail.EntryPut:
			fmt.Fprintf(out, "\tEntryPut %q: %d octets\n", r.Key, len(r.Value))
		case mail.MetadataChanged:
			fmt.Fprintf(out, "\tMetadataChanged mailbox %d, %q of %d: %d octets, removed %t\n", r.Mailbox, r.Name, r.Owner, len(r.Value), r.Removed)
		case mail.AnnotationsChanged:
			fmt.Fprintf(out, "\tAnnotationsChanged mailbox %d, %s, %q of %d: %d octets, removed %t\n",
				r.Mailbox, r.UIDs, r.Entry, r.Owner, len(r.Value), r.Removed)
		case mail.MessageAdded:
			fmt.Fprintf(out, "\tMessageAdded mailbox %d, UID %d, email %d, body %x, %d octets, flags %q\n",
				r.Mailbox, r.UID, r.Email, r.Body[:8], r.Size, r.Flags)
		case mail.MessagesCopied:
			fmt.Fprintf(out, "\tMessagesCopied from %d %s to %d from UID %d on\n", r.From, r.UIDs, r.To, r.FirstUID)
		default:
			fmt.Fprintf(out, "\t%T %+v\n", r, r)
		}
	}
}

func (s *Store) dumpIndex(ctx context.Context, out *bufio.Writer, filter Filter) error {
	snapshot := s.index.Snapshot()
	var lower, upper []byte
	if filter.Account != nil {
		lower = index.AccountPrefix(nil, *filter.Account)
		upper = index.PrefixEnd(lower)
	}
	cursor := snapshot.Scan(lower, upper)
	for cursor.Next() && ctx.Err() == nil {
		fmt.Fprintln(out, index.Describe(cursor.Key(), cursor.Value()))
	}
	return errors.Join(ctx.Err(), cursor.Close(), snapshot.Close())
}
