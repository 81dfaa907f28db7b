package store

import (
	"fmt"

	"github.com/restante/restante/internal/mail"
)

// joint is a decision on several accounts, in the order in which its maker
// names them.
type joint struct {
	decide mail.JointDecision
	parts  []*part
}

// addJointly decides once on the states of all accounts.
func (u *unit) addJointly(j *joint) error {
	states := make([]*state, 0, len(j.parts))
	shown := make([]mail.State, 0, len(j.parts))
	var effects []mail.Effects
	err := func() error {
		for _, p := range j.parts {
			rows, head, err := u.open(p)
			if err != nil {
				return err
			}
			s := &state{store: u.store, account: p.account, rows: rows, over: rows.over, head: head}
			states, shown = append(states, s), append(shown, s)
		}
		decided, err := j.decide(shown)
		if err == nil && len(decided) != len(shown) {
			err = fmt.Errorf("a decision on %d accounts says effects for %d", len(shown), len(decided))
		}
		effects = decided
		return err
	}()
	for _, s := range states {
		err = firstError(err, s.structures.close())
	}
	for i := 0; i < len(states) && err == nil; i++ {
		err = u.addEffects(j.parts[i], states[i], effects[i], nil)
	}
	return err
}
