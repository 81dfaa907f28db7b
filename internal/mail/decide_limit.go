package mail

import "github.com/restante/restante/imap"

// ExpungeNewest is Expunge of no more than so many messages, those with the
// largest UIDs (RFC 9738 §3.1). more is set if there were others.
func ExpungeNewest(from MailboxID, set imap.UIDSet, most uint64, removed *imap.UIDSet, more *bool) Decision {
	return func(state State) (Effects, error) {
		effects, err := Expunge(from, set, removed)(state)
		count := removed.Count()
		if *more = err == nil && count > most; *more {
			*removed = removed.Slice(int(count-most), int(count))
			effects.Records = []Record{MessagesRemoved{from, *removed}}
		}
		return effects, err
	}
}
