package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/mail"
)

// getMetadata is GETMETADATA (RFC 5464 §4.2).
func (s *session) getMetadata(request imap.GetMetadataRequest) (outcome, error) {
	question := metadataQuestion{request.Entries, request.Depth, request.HasMaxSize, request.MaxSize}
	tooLarge, err := s.answerMetadata(question, func() (string, []namedValue, error) {
		if request.Mailbox == "" {
			values, err := s.serverMetadata()
			return "", values, err
		}
		return s.mailboxMetadata(request.Mailbox)
	})
	if err != nil {
		return outcome{}, err
	}
	if tooLarge > 0 {
		return outcome{code: imap.CodeMetadata{Kind: imap.MetadataLongEntries, Octets: tooLarge}}, nil
	}
	return outcome{}, nil
}

// answerMetadata tells what of metadata is asked for, and returns the size of the
// largest value that is too large. What is too much for one portion is read again
// for each, so that a client that does not read holds no more than that.
func (s *session) answerMetadata(question metadataQuestion, read func() (string, []namedValue, error)) (tooLarge uint32, err error) {
	shown, values, err := read()
	if err != nil {
		return 0, err
	}
	chosen, tooLarge := question.choose(values)
	values = nil
	portions := metadataPortions(chosen)
	if len(portions) > 1 {
		chosen = nil
	}
	for _, entries := range portions {
		if len(portions) > 1 {
			if shown, values, err = read(); err != nil {
				return 0, err
			}
			part := metadataQuestion{entries: entries, hasMaxSize: question.hasMaxSize, maxSize: question.maxSize}
			chosen, _ = part.choose(values)
			values = nil
		}
		if len(chosen) > 0 {
			s.enc.Metadata(&imap.MetadataData{Mailbox: shown, Values: chosen})
		}
	}
	return tooLarge, nil
}

// metadataPortions returns the names of entries, as many together as are told at
// once.
func metadataPortions(chosen []imap.MetadataValue) (portions [][]string) {
	octets := 0
	for i, value := range chosen {
		if octets += len(value.Entry) + len(value.Value); i == 0 || octets > metadataPortionOctets {
			portions, octets = append(portions, nil), len(value.Entry)+len(value.Value)
		}
		last := len(portions) - 1
		portions[last] = append(portions[last], value.Entry)
	}
	return portions
}

// mailboxMetadata returns a mailbox's name and what the user sees of its
// metadata.
func (s *session) mailboxMetadata(name string) (shown string, values []namedValue, err error) {
	place, err := s.locate(name)
	if err != nil {
		return "", nil, err
	}
	err = place.account.Read(s.context, func(state mail.State) error {
		mailbox, err := place.metadataMailbox(state)
		if err != nil {
			return err
		}
		shown = place.shown(mailbox.Name)
		values, err = s.metadataOf(state, &place, mailbox)
		return err
	})
	return shown, values, err
}

// setMetadata is SETMETADATA (RFC 5464 §4.3).
func (s *session) setMetadata(request imap.SetMetadataRequest) (outcome, error) {
	wishes := make([]mail.MetadataWish, len(request.Values))
	for i, value := range request.Values {
		scope, name, _ := imap.SplitMetadataEntry(value.Entry)
		wishes[i] = mail.MetadataWish{Name: name, Value: value.Value, Remove: value.Value == nil}
		if scope == imap.MetadataPrivate {
			wishes[i].Owner = s.self()
		}
	}
	if request.Mailbox == "" {
		return outcome{}, s.setServerMetadata(wishes)
	}
	place, err := s.locate(request.Mailbox)
	if err != nil {
		return outcome{}, err
	}
	_, err = place.account.Commit(s.context, func(state mail.State) (mail.Effects, error) {
		mailbox, err := place.metadataMailbox(state)
		if err != nil {
			return mail.Effects{}, err
		}
		return place.actor.SetMetadata(mailbox.ID, wishes)(state)
	})
	return outcome{}, err
}

// setServerMetadata sets what the user has of the server. What all users have
// is set by the administrator alone (RFC 5464 §3.3).
func (s *session) setServerMetadata(wishes []mail.MetadataWish) error {
	if s.isAnonymous() { // RFC 5466 §5
		return no(imap.CodeNoPerm, "Nobody knows whose this would be")
	}
	for i := range wishes {
		if wishes[i].Owner == mail.Shared {
			return no(imap.CodeNoPerm, "Only the administrator sets what all users share")
		}
		if err := s.checkFilter(&wishes[i]); err != nil {
			return err
		}
	}
	_, err := s.account.Commit(s.context, mail.SetMetadata(mail.ServerMetadata, wishes))
	return err
}

// checkFilter demands that the value of a filter can be searched by (RFC 5466
// §3.2).
func (s *session) checkFilter(wish *mail.MetadataWish) error {
	if _, isFilter := filterName(wish.Name); !isFilter || wish.Remove {
		return nil
	}
	if _, err := imapwire.DecodeSearchCriteria(wish.Value, s.limits); err != nil {
		return no(imap.CodeCannot, "A filter must hold search criteria: "+explain(err).text)
	}
	return nil
}
