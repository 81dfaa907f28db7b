package sim

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// attempt is one wish to change something, in one or more accounts.
type attempt struct {
	number uint64
	mutex  sync.Mutex
	// asked is what the last run of the decision wanted for each account.
	asked map[mail.AccountID]asked
}

// asked is the effect of an attempt on one account.
type asked struct {
	position imap.ModSeq
	records  []mail.Record
}

const markPrefix = "attempt/"

// mark returns the key of the entry that names the attempt at a position.
func mark(position imap.ModSeq) string { return fmt.Sprintf(markPrefix+"%016d", position) }

// readMark reads what mark and an attempt wrote.
func readMark(entry mail.Entry) (position imap.ModSeq, number uint64, err error) {
	at, err := strconv.ParseUint(strings.TrimPrefix(entry.Key, markPrefix), 10, 64)
	if err == nil {
		number, err = strconv.ParseUint(string(entry.Value), 10, 64)
	}
	return imap.ModSeq(at), number, err
}

// decide wraps a decision, so that its effect is known and leaves a mark.
func (a *attempt) decide(account mail.AccountID, decision mail.Decision) mail.Decision {
	return func(state mail.State) (mail.Effects, error) {
		a.set(account, asked{})
		effects, err := decision(state)
		if err != nil || len(effects.Records) == 0 {
			return effects, err
		}
		position := state.ModSeq() + 1
		effects.Records = append(slices.Clone(effects.Records), mail.EntryPut{
			Key: mark(position), Value: strconv.AppendUint(nil, a.number, 10),
		})
		a.set(account, asked{position, effects.Records})
		return effects, nil
	}
}

func (a *attempt) set(account mail.AccountID, effect asked) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if effect.position == 0 {
		delete(a.asked, account)
	} else {
		a.asked[account] = effect
	}
}

// effects returns what is asked for each account.
func (a *attempt) effects() map[mail.AccountID]asked {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return maps.Clone(a.asked)
}

// register knows every attempt of a world and what became of it.
type register struct {
	mutex    sync.Mutex
	attempts []*attempt
	fates    []fate
	acked    int                            // how many were
	seen     map[mail.AccountID]imap.ModSeq // newest position that a reader saw
}

// fate is what is known of an attempt.
type fate uint8

const (
	open    fate = iota // nobody knows: it may be kept or not
	kept                // it was acknowledged
	refused             // the store said that nothing happened
)

func newRegister() *register { return &register{seen: map[mail.AccountID]imap.ModSeq{}} }

func (r *register) begin() *attempt {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	a := &attempt{number: uint64(len(r.attempts)), asked: map[mail.AccountID]asked{}}
	r.attempts = append(r.attempts, a)
	r.fates = append(r.fates, open)
	return a
}

func (r *register) end(a *attempt, f fate) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.fates[a.number] = f
	if f == kept {
		r.acked++
	}
}

func (r *register) sawPosition(account mail.AccountID, at imap.ModSeq) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.seen[account] = max(r.seen[account], at)
}

// moment is what was known at one moment.
type moment struct {
	fates []fate
	seen  map[mail.AccountID]imap.ModSeq
}

func (r *register) now() moment {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return moment{slices.Clone(r.fates), maps.Clone(r.seen)}
}

func (r *register) attempt(number uint64) *attempt {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if number >= uint64(len(r.attempts)) {
		return nil
	}
	return r.attempts[number]
}

// settle makes certain, after a cut, what the attempts came to, so that what
// happens later is judged by what is on the disk now.
func (r *register) settle(found map[uint64]bool, upTo int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.acked = 0
	for i := range r.fates {
		switch {
		case i < upTo && found[uint64(i)]:
			r.fates[i] = kept
			r.acked++
		default:
			r.fates[i] = refused
		}
	}
	clear(r.seen)
}

func (r *register) count() int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.acked
}
