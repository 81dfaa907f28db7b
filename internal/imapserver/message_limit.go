package imapserver

import (
	"errors"
	"slices"
	"strconv"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// limitCapability returns the limit that is advertised, "" if there is none:
// SAVELIMIT stands in place of MESSAGELIMIT (RFC 9738 §3).
func (l Limits) limitCapability() imap.Capability {
	name, limit := imap.CapMessageLimit, l.MessagesMax
	if limit == 0 {
		name, limit = imap.CapSaveLimit, l.SavesMax
	}
	if limit == 0 {
		return ""
	}
	return name + imap.Capability("="+strconv.Itoa(limit))
}

// savesMax returns how many messages one COPY or APPEND may bring, 0 if that is
// not bounded (RFC 9738 §3).
func (l Limits) savesMax() int {
	if l.MessagesMax != 0 {
		return l.MessagesMax
	}
	return l.SavesMax
}

// newest returns those of the messages that one command may be carried out for:
// all, or as many as the limit says from the highest UID down, and a code that
// says so (RFC 9738 §3.1).
func (s *session) newest(uids imap.UIDSet) (imap.UIDSet, imap.Code) {
	limit := s.server.options.Limits.MessagesMax
	if limit == 0 {
		return uids, nil
	}
	cut := cutToNewest(uids, limit)
	if cut == nil {
		return uids, nil
	}
	return cut, s.messageLimit(cut)
}

// cutToNewest returns the messages with the highest UIDs, nil if there are no
// others.
func cutToNewest(uids imap.UIDSet, limit int) imap.UIDSet {
	count := int(uids.Count())
	if limit == 0 || count <= limit {
		return nil
	}
	return uids.Slice(count-limit, count)
}

// messageLimit is the code that names the lowest of the messages that a command
// was carried out for, if any is named. That clients meet the limit is logged
// (RFC 9738 §4.2).
func (s *session) messageLimit(processed imap.UIDSet) imap.Code {
	code := imap.CodeMessageLimit{Limit: uint32(s.server.options.Limits.savesMax())}
	if len(processed) > 0 {
		code.UID = processed[0].Start
	}
	s.log.Info("command exceeds the limit of messages", "limit", code.Limit)
	return code
}

// refuseSaves refuses to add more messages at once than the limit says: adding
// is all or nothing (RFC 9738 §3.1).
func (s *session) refuseSaves(uids imap.UIDSet) error {
	if cut := cutToNewest(uids, s.server.options.Limits.savesMax()); cut != nil {
		return no(s.messageLimit(cut), "Too many messages to copy, try a smaller subset")
	}
	return nil
}

// checkPage refuses a part of a result that is larger than the limit: it would
// not be that part (RFC 9738 §3.1).
func (s *session) checkPage(page imap.ResultRange) error {
	limit := s.server.options.Limits.MessagesMax
	span := int64(max(page.First, page.Last)) - int64(min(page.First, page.Last)) + 1
	if limit == 0 || page.IsZero() || span <= int64(limit) {
		return nil
	}
	return no(s.messageLimit(nil), "PARTIAL exceeds the limit of messages")
}

// limited returns the outcome of a command that was not carried out for all
// messages. Another code keeps the tagged response: this one comes before, in an
// untagged NO (RFC 9738 §3.1).
func (s *session) limited(out outcome, err error, limit imap.Code) (outcome, error) {
	told := new(reply)
	switch {
	case limit == nil, err != nil && !errors.As(err, &told):
	case err == nil && out.code == nil:
		out.code, out.text = limit, "Only the newest messages were processed"
	default:
		s.enc.Untagged(imap.StatusNo, limit, "Only the newest messages were processed")
	}
	return out, err
}

// messageWriter writes a FETCH response for each message of a set.
type messageWriter func(*fetchPlan, imap.UIDSet) error

// writerFor is how messages are told of by a command that met the limit, or not.
func (s *session) writerFor(limit imap.Code) messageWriter {
	if limit != nil {
		return s.writeNewestFirst
	}
	return s.writeMessages
}

// writeNewestFirst is writeMessages from the highest UID down, which a client
// that met the limit relies on (RFC 9738 §3.1).
func (s *session) writeNewestFirst(plan *fetchPlan, uids imap.UIDSet) error {
	var missing error
	for _, r := range slices.Backward(uids) {
		for uid := r.Stop; uid >= r.Start && s.enc.Err() == nil; uid-- {
			err := s.writeMessages(plan, imap.SetOf(uid))
			if errors.Is(err, mail.ErrNoMessage) || errors.Is(err, mail.ErrCorrupt) {
				missing = err
			} else if err != nil {
				return err
			}
		}
	}
	return missing
}
