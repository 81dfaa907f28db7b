package mailtest

import (
	"math/rand/v2"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// scanMessages spans many of whatever a store keeps messages together in.
const scanMessages = 3000

// The aim: marks and messages of any set, dense, sparse or half beyond the
// end, are those of the mailbox that the set names, all of them and no others.
func testAnySet(f *fixture) {
	a, inbox := f.user(1)
	f.add(a, inbox, scanMessages)
	var gone imap.UIDSet
	f.commit(a, mail.Remove(inbox, span(700, 1100), &gone))
	present := everything.Intersect(span(1, scanMessages)).Minus(gone)
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 5))
		var set imap.UIDSet
		for n := 1; n < scanMessages+300; n += 1 + random.IntN(1+int(seed)*25) {
			set = set.Add(imap.UID(n))
		}
		want := set.Intersect(present).String()
		f.read(a, func(state mail.State) {
			f.Helper()
			f.equal("marks of a set", uidsOf(f.rows(state.Marks(inbox, set))), want)
			f.equal("messages of a set", uidsOf(f.rows(state.Messages(inbox, set))), want)
		})
	}
}

// The aim: structures are those of their messages in whatever order they are
// asked for, also again, and one that is not there does not disturb the next.
func testStructuresInAnyOrder(f *fixture) {
	a, inbox := f.user(1)
	const count = 60
	f.add(a, inbox, count)
	f.read(a, func(state mail.State) {
		f.Helper()
		rows := f.rows(state.Messages(inbox, everything))
		random := rand.New(rand.NewPCG(7, 7))
		at := 0
		for range 2000 {
			switch random.IntN(4) {
			case 0:
				at = random.IntN(count)
			case 1:
				_, err := state.Structure(rows[at].Email + 1<<40)
				f.fails("a structure that is not there", err, mail.ErrNoMessage)
				continue
			case 2:
				at = min(at+random.IntN(3), count-1)
			case 3:
				at = max(at-1, 0)
			}
			structure, err := state.Structure(rows[at].Email)
			if err != nil {
				f.Fatalf("structure of message %d: %v", at, err)
			}
			f.equal("subject", structure.Envelope.Subject.Text, subjectOf(at))
		}
	})
}
