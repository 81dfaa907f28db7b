package transfer

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/restante/restante/internal/mail"
)

// Notes of what was imported are entries of the account, one for each batch,
// put by the commit that brought the batch:
//
//	key    "import/" format "/" hash of the folder's name "/" number
//	value  for each message 8 octets of the SHA-256 of its key
//
// The folder goes by the name of the mailbox it became, so that the source may
// lie somewhere else the next time.

// mark stands for one message's key.
type mark [8]byte

func markOf(key string) mark {
	sum := sha256.Sum256([]byte(key))
	return mark(sum[:8])
}

// notes is what is known of one folder's earlier imports.
type notes struct {
	prefix string
	count  int // of entries
	known  map[mark]struct{}
	fresh  []mark // of the batch that is being gathered
}

func readNotes(ctx context.Context, account mail.Account, format Format, folder string) (*notes, error) {
	sum := sha256.Sum256([]byte(folder))
	n := &notes{prefix: fmt.Sprintf("import/%s/%x/", format, sum[:8])}
	err := account.Read(ctx, func(state mail.State) error {
		n.count, n.known = 0, map[mark]struct{}{}
		for entry, err := range state.Entries(n.prefix) {
			if err != nil {
				return err
			}
			n.count++
			for part := range slices.Chunk(entry.Value, len(mark{})) {
				if len(part) == len(mark{}) {
					n.known[mark(part)] = struct{}{}
				}
			}
		}
		return nil
	})
	return n, err
}

// has reports whether a message was imported, now or earlier.
func (n *notes) has(key string) bool {
	_, found := n.known[markOf(key)]
	return found
}

// add notes a message of the batch that is being gathered.
func (n *notes) add(key string) {
	m := markOf(key)
	n.known[m] = struct{}{}
	n.fresh = append(n.fresh, m)
}

// record returns the entry of the batch.
func (n *notes) record() mail.Record {
	value := make([]byte, 0, len(n.fresh)*len(mark{}))
	for _, m := range n.fresh {
		value = append(value, m[:]...)
	}
	return mail.EntryPut{Key: fmt.Sprintf("%s%08x", n.prefix, n.count), Value: value}
}

// written says that the batch is durable.
func (n *notes) written() {
	n.count++
	n.fresh = n.fresh[:0]
}
