package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"
)

// throttle delays those who send wrong passwords: each pair of address and
// login name has its own delay, so that nobody pays for another behind the
// same address, and nobody can lock another out from a different one.
type throttle struct {
	key    []byte
	limits Limits
	clock  Clock
	mutex  sync.Mutex
	pairs  map[pair]*delay
}

// pair is a keyed digest of address and login name: of fixed size, whatever
// strangers send, and nothing that a memory dump tells.
type pair [16]byte

type delay struct {
	failures int
	last     time.Time // the last wrong password
	next     time.Time // when the next attempt has its turn
	wrong    [16]byte  // digest of the last wrong password
}

func newThrottle(key []byte, limits Limits, clock Clock) *throttle {
	return &throttle{key: key, limits: limits, clock: clock, pairs: map[pair]*delay{}}
}

// pairOf names an address and a login.
func (t *throttle) pairOf(remote netip.Addr, login string) (p pair) {
	octets := subscriber(remote).As16()
	copy(p[:], t.digest(string(octets[:])+login))
	return p
}

// subscriber is what of an address stands for one customer of a provider: of
// an IPv6 address, the first 64 bits.
func subscriber(remote netip.Addr) netip.Addr {
	remote = remote.Unmap().WithZone("")
	if remote.Is6() {
		if prefix, err := remote.Prefix(64); err == nil {
			return prefix.Addr()
		}
	}
	return remote
}

func (t *throttle) digest(text string) []byte {
	mac := hmac.New(sha256.New, t.key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// wait takes a turn and waits for it. Attempts that are made at the same time
// get turns one after the other, so that many connections gain nothing.
func (t *throttle) wait(ctx context.Context, p pair) error {
	t.mutex.Lock()
	d, now := t.pairs[p], t.clock.Now()
	if d == nil || now.Sub(d.last) > t.limits.DelayForget {
		delete(t.pairs, p)
		t.mutex.Unlock()
		return nil
	}
	turn := d.next
	if turn.Before(now) {
		turn = now
	}
	if turn.Sub(now) > t.limits.DelayWaitMax {
		t.mutex.Unlock()
		return ErrTooMany
	}
	d.next = turn.Add(t.delayAfter(d.failures))
	t.mutex.Unlock()
	if turn.Equal(now) {
		return nil
	}
	return t.clock.Wait(ctx, turn.Sub(now))
}

// delayAfter is how far apart attempts are after so many wrong passwords. The
// first is free: people mistype.
func (t *throttle) delayAfter(failures int) time.Duration {
	if failures < 2 {
		return 0
	}
	pause := t.limits.DelayFirst
	for range failures - 2 {
		if pause *= 2; pause >= t.limits.DelayMax {
			return t.limits.DelayMax
		}
	}
	return pause
}

// failed notes a wrong password. The same wrong password again, as a program
// with an old one sends it, makes the delay no longer.
func (t *throttle) failed(p pair, password string) {
	var wrong [16]byte
	copy(wrong[:], t.digest("wrong"+password))
	t.mutex.Lock()
	defer t.mutex.Unlock()
	now := t.clock.Now()
	d := t.pairs[p]
	if d == nil {
		if len(t.pairs) >= t.limits.DelayPairsMax {
			t.forgetSome(now)
		}
		d = &delay{}
		t.pairs[p] = d
	}
	if d.failures == 0 || d.wrong != wrong || password == "" {
		d.failures++
	}
	d.wrong, d.last = wrong, now
	if next := now.Add(t.delayAfter(d.failures)); next.After(d.next) {
		d.next = next
	}
}

// succeeded forgets the pair.
func (t *throttle) succeeded(p pair) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	delete(t.pairs, p)
}

// forgetSome makes room: pairs that have calmed down go, or else whatever the
// map yields first.
func (t *throttle) forgetSome(now time.Time) {
	for p, d := range t.pairs {
		if now.Sub(d.last) > t.limits.DelayForget {
			delete(t.pairs, p)
		}
	}
	for p := range t.pairs {
		if len(t.pairs) < t.limits.DelayPairsMax {
			return
		}
		delete(t.pairs, p)
	}
}
