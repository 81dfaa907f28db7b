package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// status is STATUS (RFC 9051 §6.3.11).
func (s *session) status(request imap.StatusRequest) (outcome, error) {
	if err := s.noteModSeqItem(request.Items); err != nil {
		return outcome{}, err
	}
	place, err := s.locate(request.Mailbox)
	if err != nil {
		return outcome{}, err
	}
	var data imap.StatusData
	err = place.account.Read(s.context, func(state mail.State) error {
		mailbox, err := place.mailbox(state, mail.RightRead)
		if err != nil {
			return err
		}
		data, err = s.statusOf(state, place, mailbox, request.Items)
		return err
	})
	if err != nil {
		return outcome{}, err
	}
	s.enc.MailboxStatus(&data)
	return outcome{}, nil
}

// noteModSeqItem takes note that asking for HIGHESTMODSEQ enables CONDSTORE
// (RFC 7162 §3.1).
func (s *session) noteModSeqItem(items []imap.StatusItem) error {
	for _, item := range items {
		if item == imap.StatusHighestModSeq {
			return s.enableModSeqs()
		}
	}
	return nil
}

// statusOf answers the items for one mailbox.
func (s *session) statusOf(state mail.State, place place, mailbox *mail.Mailbox, items []imap.StatusItem) (imap.StatusData, error) {
	data := imap.StatusData{Mailbox: place.shown(mailbox.Name)}
	for _, item := range items {
		value := imap.StatusValue{Item: item}
		switch item {
		case imap.StatusMessages:
			value.Number = uint64(mailbox.Messages)
		case imap.StatusUIDNext:
			value.Number = uint64(mailbox.UIDNext)
		case imap.StatusUIDValidity:
			value.Number = uint64(mailbox.UIDValidity)
		case imap.StatusUnseen:
			value.Number = uint64(mailbox.Unseen)
		case imap.StatusDeleted:
			value.Number = uint64(mailbox.Deleted)
		case imap.StatusSize:
			value.Number = uint64(mailbox.Size)
		case imap.StatusHighestModSeq:
			value.Number = uint64(mailbox.HighestModSeq)
		case imap.StatusAppendLimit:
			value.Number = uint64(s.server.appendLimit(mailbox.Name))
		case imap.StatusMailboxID:
			value.ID = mailboxID(place, mailbox.ID, mailbox.UIDValidity)
		case imap.StatusDeletedStorage:
			octets, err := deletedStorage(state, mailbox)
			if err != nil {
				return data, err
			}
			value.Number = octets
		case imap.StatusRecent:
			recent, err := recentIn(state, mailbox)
			if err != nil {
				return data, err
			}
			value.Number = recent.Count()
		}
		data.Values = append(data.Values, value)
	}
	return data, nil
}

// recentIn returns the messages that no session was told as \Recent.
func recentIn(state mail.State, mailbox *mail.Mailbox) (imap.UIDSet, error) {
	if mailbox.RecentFrom >= mailbox.UIDNext {
		return nil, nil
	}
	uids, err := state.UIDs(mailbox.ID)
	return uids.Within(imap.UIDSet{{Start: mailbox.RecentFrom, Stop: mailbox.UIDNext - 1}}), err
}
