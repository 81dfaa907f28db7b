package auth

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// Aim: names are found in every spelling, and only the right password opens.
func TestPassword(t *testing.T) {
	f := newFixture(t)
	info := f.add(t, "U0001", "sécret")
	if err := f.directory.AddDomain(t.Context(), "Example.ORG"); err != nil {
		t.Fatal(err)
	}
	f.add(t, "u0001@example.org", "other")
	for _, test := range []struct {
		login, password string
		want            error
	}{
		{"u0001", "sécret", nil},
		{"U0001@LOCALHOST", "sécret", nil},
		{"u0001", "se\u0301cret", nil}, // the same after SASLprep
		{"u0001", "secret", ErrCredentials},
		{"u0001@example.org", "sécret", ErrCredentials},
		{"u0001@EXAMPLE.org", "other", nil},
		{"u0001@elsewhere.example", "other", ErrCredentials},
		{"", "", ErrCredentials},
		{"u0001", strings.Repeat("x", passwordMax+1), ErrCredentials},
	} {
		if err := f.try(t, home, test.login, test.password); err != test.want {
			t.Errorf("%q with %.20q: %v, want %v", test.login, test.password, err, test.want)
		}
	}
	identity, err := f.Password(t.Context(), Attempt{"u0001", "sécret", home, "imap"})
	if err != nil || identity != (Identity{Account: info.ID, Login: "u0001@localhost"}) {
		t.Errorf("identity %+v, %v", identity, err)
	}
}

// Aim: a wrong password costs one computation, whether or not there is such a
// user; a remembered one costs none, until it expires or anything changes.
func TestPasswordCostsAndMemory(t *testing.T) {
	f := newFixture(t)
	f.add(t, "u0001", "right")
	cost := func(login, password string) uint64 {
		before := f.directory.HashRuns()
		f.try(t, home, login, password)
		return f.directory.HashRuns() - before
	}
	expect := func(what string, got, want uint64) {
		t.Helper()
		if got != want {
			t.Errorf("%s cost %d computations, want %d", what, got, want)
		}
	}
	expect("a wrong password", cost("u0001", "wrong"), 1)
	expect("an unknown user", cost("u0002", "wrong"), 1)
	expect("a name that is no name", cost("@@", "wrong"), 1)
	expect("an endless password", cost("u0001", strings.Repeat("x", 5000)), 1)
	expect("the first right password", cost("u0001", "right"), 1)
	expect("a remembered password", cost("u0001", "right"), 0)
	expect("a wrong one after it", cost("u0001", "wrong"), 1)
	f.clock.pass(9 * time.Minute)
	expect("a remembered password later", cost("u0001", "right"), 0)
	f.clock.pass(9 * time.Minute)
	expect("a password used meanwhile", cost("u0001", "right"), 0)
	f.clock.pass(11 * time.Minute)
	expect("an expired password", cost("u0001", "right"), 1)
	if err := f.directory.SetPassword(t.Context(), "u0001", "new"); err != nil {
		t.Fatal(err)
	}
	if err := f.try(t, home, "u0001", "right"); err != ErrCredentials {
		t.Errorf("the old password after a change: %v", err)
	}
	expect("the new password", cost("u0001", "new"), 1)
	if err := f.directory.SetDisabled(t.Context(), "u0001", true); err != nil {
		t.Fatal(err)
	}
	if err := f.try(t, home, "u0001", "new"); err != ErrDisabled {
		t.Errorf("the right password of a disabled account: %v", err)
	}
	if err := f.try(t, home, "u0001", "wrong"); err != ErrCredentials {
		t.Errorf("a wrong password of a disabled account: %v", err)
	}
}

// Aim: wrong passwords are answered ever more slowly, for the pair of address
// and account, and for nobody else.
func TestGrowingDelay(t *testing.T) {
	f := newFixture(t)
	f.add(t, "u0001", "right")
	f.add(t, "u0002", "right2")
	var delays []time.Duration
	for i := range 9 {
		f.try(t, home, "u0001", strings.Repeat("w", i+1))
		delays = append(delays, f.clock.took())
	}
	for i := 3; i < len(delays); i++ {
		if delays[i] < delays[i-1] || delays[i] == 0 {
			t.Fatalf("delays do not grow: %v", delays)
		}
	}
	if last := delays[len(delays)-1]; last != DefaultLimits().DelayMax {
		t.Errorf("delay ends at %v", last)
	}
	if err := f.try(t, home, "u0002", "right2"); err != nil || f.clock.took() != 0 {
		t.Errorf("somebody else behind the same address had to wait: %v", err)
	}
	if err := f.try(t, office, "u0001", "right"); err != nil || f.clock.took() != 0 {
		t.Errorf("the owner had to wait elsewhere: %v", err)
	}
	if err := f.try(t, home, "u0001", "right"); err != nil || f.clock.took() != 0 {
		t.Errorf("a remembered password had to wait: %v", err)
	}
	f.clock.pass(DefaultLimits().DelayForget + time.Second)
	if f.try(t, home, "u0001", "w"); f.clock.took() != 0 {
		t.Error("the delay is never forgotten")
	}
}

// Aim: an unknown user is slowed down exactly as a known one is, and a program
// that repeats an old password is not slowed down more and more.
func TestDelayTellsNothing(t *testing.T) {
	f := newFixture(t)
	f.add(t, "u0001", "right")
	for i := range 6 {
		wrong := strings.Repeat("w", i+1)
		f.try(t, home, "u0001", wrong)
		known := f.clock.took()
		f.clock.pass(-known)
		f.try(t, home, "nobody", wrong)
		if unknown := f.clock.took(); unknown != known {
			t.Errorf("attempt %d waited %v for a user, %v for nobody", i, known, unknown)
		}
	}
	for range 20 {
		f.try(t, office, "u0001", "old")
	}
	if waited := f.clock.took(); waited != 0 {
		t.Errorf("the same old password waited %v", waited)
	}
}

// Aim: waiting ends with the context, and too long a queue is refused.
func TestWaitingIsBounded(t *testing.T) {
	f := newFixture(t)
	f.add(t, "u0001", "right")
	for i := range 8 {
		f.try(t, home, "u0001", strings.Repeat("w", i+1))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Password(ctx, Attempt{"u0001", "x", home, "imap"}); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled wait: %v", err)
	}
	var last error
	for range 5 {
		_, last = f.Password(ctx, Attempt{"u0001", "x", home, "imap"})
	}
	if last != ErrTooMany {
		t.Errorf("a queue without end: %v", last)
	}
	before := len(f.throttle.pairs)
	f.throttle.limits.DelayPairsMax = before + 3
	for i := range 20 {
		f.try(t, office, strings.Repeat("n", i+1), "x")
	}
	if got := len(f.throttle.pairs); got > before+3 {
		t.Errorf("%d pairs are watched, more than %d", got, before+3)
	}
}

// Aim: what the store cannot do is told as such, and never as a wrong password.
func TestUnavailable(t *testing.T) {
	f := newFixture(t)
	f.add(t, "u0001", "right")
	f.store.fail = errors.New("disk on fire")
	if err := f.directory.AddDomain(t.Context(), "example.org"); !errors.Is(err, ErrUnavailable) {
		t.Errorf("adding: %v", err)
	}
	f.directory.published.Add(1)
	if err := f.try(t, home, "u0001", "right"); !errors.Is(err, ErrUnavailable) {
		t.Errorf("login: %v", err)
	}
	if _, err := f.Resolve(t.Context(), "u0001"); !errors.Is(err, ErrUnavailable) {
		t.Errorf("resolving: %v", err)
	}
}

// Aim: sessions and connections are counted, bounded and given back.
func TestSessions(t *testing.T) {
	f := newFixture(t, func(l *Limits) { l.SessionsPerAccount, l.ConnectionsPerAddress = 2, 1 })
	sessions := f.Sessions()
	one, err1 := sessions.Acquire(1, home)
	_, err2 := sessions.Acquire(1, home)
	_, err3 := sessions.Acquire(1, home)
	if err1 != nil || err2 != nil || err3 != ErrTooMany {
		t.Fatal(err1, err2, err3)
	}
	one()
	one()
	if _, err := sessions.Acquire(1, home); err != nil {
		t.Error("a session that ended still counts")
	}
	if _, err := sessions.Acquire(1, home); err != ErrTooMany {
		t.Error("a session was given back twice")
	}
	if _, err := sessions.Connect(home); err != nil {
		t.Error(err)
	}
	if _, err := sessions.Connect(home); err != ErrTooMany {
		t.Errorf("second connection: %v", err)
	}
	if connections, open := sessions.Open(); connections != 1 || open != 2 {
		t.Errorf("open: %d, %d", connections, open)
	}
}
