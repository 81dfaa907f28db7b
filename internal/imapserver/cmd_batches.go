package imapserver

import (
	"log/slog"
	"slices"
	"strconv"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mailview"
)

// batches is UIDBATCHES (RFC 10022 §3.1): ranges of UIDs that divide the messages
// the client knows of. They adjoin, and the last ends at 1, so that the client
// sees that it is the last (§3.1.4).
func (s *session) batches(request imap.BatchesRequest) (outcome, error) {
	count := uint64(request.Last) - uint64(request.First) + 1
	switch {
	case request.Last < request.First: // §3.1.5
		return outcome{}, &reply{
			status: imap.StatusBad, code: imap.CodeClientBug, text: "A range of batches begins with the lower number", level: slog.LevelDebug,
		}
	case request.Size < batchSizeMin:
		return outcome{}, no(imap.CodeTooFew, "A batch has at least "+strconv.Itoa(batchSizeMin)+" messages")
	case request.First != 0 && count*uint64(request.Size) > batchMessagesMax:
		return outcome{}, no(imap.CodeTooMany, "One range of batches spans at most "+strconv.Itoa(batchMessagesMax)+" messages")
	}
	if !s.mailbox.asked.admit(request, s.mailbox.view) {
		return outcome{}, no(imap.CodeLimit, "These batches were told already, and little has changed")
	}
	first, last := uint64(1), uint64(1)<<32
	if request.First != 0 {
		first, last = uint64(request.First), uint64(request.Last)
	}
	view, size := s.mailbox.view, uint64(request.Size)
	var ranges []imap.Range[imap.UID]
	for n := first; n <= last && (n-1)*size < uint64(view.Len()); n++ {
		high := uint64(view.Len()) - (n-1)*size
		batch := imap.Range[imap.UID]{Start: s.batchTop(high), Stop: 1}
		if high > size {
			batch.Stop = s.batchTop(high-size) + 1
		}
		ranges = append(ranges, batch)
	}
	s.enc.Batches(request.Tag, ranges)
	return outcome{}, nil
}

// batchTop returns the UID of the newest message of a batch.
func (s *session) batchTop(seq uint64) imap.UID {
	uid, _ := s.mailbox.view.UID(imap.Seq(seq))
	return uid
}

// askedBatches is what was asked of UIDBATCHES, and of which mailbox: nobody needs
// an answer again before half a batch of messages came or went (RFC 10022 §3.1.1).
type askedBatches struct {
	requests []imap.BatchesRequest
	messages uint32
	last     imap.UID
}

// admit reports whether a request is a new one, or the mailbox is, and takes note.
func (a *askedBatches) admit(request imap.BatchesRequest, view *mailview.View) bool {
	request.Tag = ""
	var arrived uint64
	if a.last < view.Last() {
		arrived = view.Known(imap.UIDSet{{Start: a.last + 1, Stop: view.Last()}}).Count()
	}
	gone := uint64(a.messages) + arrived - uint64(view.Len())
	half := uint64(request.Size / 2)
	if arrived > half || gone > half || len(a.requests) == 0 || len(a.requests) >= batchRequestsMax {
		*a = askedBatches{messages: view.Len(), last: view.Last()}
	}
	if slices.Contains(a.requests, request) {
		return false
	}
	a.requests = append(a.requests, request)
	return true
}
