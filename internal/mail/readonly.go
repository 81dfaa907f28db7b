package mail

import (
	"context"

	"github.com/restante/restante/imap"
)

// ReadOnly returns an account in which nothing can be changed: every Commit is
// ErrNotPermitted.
func ReadOnly(account Account) Account { return readOnly{account} }

type readOnly struct{ Account }

func (readOnly) Commit(context.Context, Decision) (imap.ModSeq, error) { return 0, ErrNotPermitted }
