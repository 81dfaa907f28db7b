package mail

import (
	"encoding/hex"

	"github.com/restante/restante/imap"
)

// AccountID names an account for ever; it is never given again. Zero is the
// directory: the account in which the store keeps who its users are.
type AccountID uint64

// DirectoryAccount holds the entries of the directory of users.
const DirectoryAccount AccountID = 0

// MailboxID names a mailbox within its account for ever, through renames.
type MailboxID uint64

// EmailID names a message's content within its account: copies share it
// (RFC 8474 §4, EMAILID).
type EmailID uint64

// BodyID is the SHA-256 of a message's octets as they were received.
type BodyID [32]byte

func (id BodyID) String() string { return hex.EncodeToString(id[:]) }

// BodyRef names a message's octets. Where is a hint for the store, opaque to
// everyone else; the zero value means that the place must be looked up.
type BodyRef struct {
	ID    BodyID
	Where [2]uint64
}

// idsPerCommit is how many identifiers one commit can hand out. They are
// made from the commit's position, so two commits never give the same one.
const idsPerCommit = 1 << 16

// ids hands out the identifiers of one decision.
type ids struct{ next, end uint64 }

func newIDs(state State) ids {
	first := uint64(state.ModSeq()+1) * idsPerCommit
	return ids{first, first + idsPerCommit}
}

func (i *ids) take() (uint64, error) {
	if i.next == i.end {
		return 0, ErrTooManyAtOnce
	}
	i.next++
	return i.next - 1, nil
}

// after returns the position that a commit decided on this state will have.
func after(state State) imap.ModSeq { return state.ModSeq() + 1 }
