package store

import (
	"time"

	"github.com/restante/restante/internal/mail"
)

// Limits of a store. Zero means the default.
type Limits struct {
	// StagedInMemory is up to how many octets a message that is arriving is
	// held in memory; beyond, it goes to a file. Default 256 KiB: nearly all
	// mail without attachments.
	StagedInMemory int
	// KeepRemoved is for how long a removed message stays readable, and its
	// removal known, for clients that were not told. Default 30 days: a
	// phone that was off for a holiday resynchronises without a full scan.
	KeepRemoved time.Duration
	// ForgetEvery is how often removals older than that are looked for.
	// Default one hour; negative: never.
	ForgetEvery time.Duration
	// UIDCache is how many octets of UIDs of mailboxes are kept at hand.
	// Default 32 MiB: the mailboxes of thousands of sessions.
	UIDCache int
	// Mailboxes is how many mailboxes one account may have. Default 10,000:
	// every LIST goes through all of them.
	Mailboxes uint32
	// Quota is the limits of accounts that have none of their own. Default
	// none: who has a disk of his own need not divide it.
	Quota mail.Quota
	// SegmentSize and ReserveBytes are the journal's, which has defaults.
	SegmentSize  int64
	ReserveBytes int64
}

func (l *Limits) fill() {
	if l.StagedInMemory == 0 {
		l.StagedInMemory = 256 << 10
	}
	if l.KeepRemoved == 0 {
		l.KeepRemoved = 30 * 24 * time.Hour
	}
	if l.ForgetEvery == 0 {
		l.ForgetEvery = time.Hour
	}
	if l.UIDCache == 0 {
		l.UIDCache = 32 << 20
	}
	if l.Mailboxes == 0 {
		l.Mailboxes = 10_000
	}
}

const (
	// attemptsMax is how often a commit that the journal did not admit is
	// decided again. Once suffices unless the disk fails over and over.
	attemptsMax = 20
	// lapseOctetsMax is what the changes of values that no value shows take in an
	// account before the oldest are forgotten: some ten thousand, made between two
	// looks of a session. lapseRowOctets is what a row costs beside its value.
	lapseOctetsMax = 1 << 20
	lapseRowOctets = 32
	// versionsMax is how many versions of a mailbox's UIDs are kept for
	// readers of a state that is not the newest.
	versionsMax = 4
	// recentMax is how many commits of an account a scan of UIDs may be
	// overtaken by and still be kept.
	recentMax = 64
	// replayWrites is how many rows a replay collects before it writes them:
	// a few hundred messages.
	replayWrites = 2048
)
