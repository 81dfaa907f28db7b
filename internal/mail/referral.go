package mail

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/restante/restante/imap"
)

// Referral is a name of the account's hierarchy whose mailbox, with all below
// it, is on another server (RFC 2193 §3).
type Referral struct {
	Name string `json:"name"`
	// URLs name the mailbox there (RFC 5092 §4), the preferred one first; more
	// than one if it is on several servers.
	URLs []string `json:"urls"`
}

// Referrals are named entries of the account:
//
//	referral/<name>   {"version":1,"urls":[...]}
const (
	referralPrefix  = "referral/"
	referralVersion = 1
	// referralsMax and referralURLsMax bound what an administrator can set: all
	// are read for each command that names a mailbox.
	referralsMax    = 1000
	referralURLsMax = 16
)

// ErrNotReferral says that no referral has the name.
var ErrNotReferral = errors.New("no mailbox of another server has this name")

type referralValue struct {
	Version int      `json:"version"`
	URLs    []string `json:"urls"`
}

// Referrals yields the account's referrals by name in the order of octets.
func Referrals(state State) iter.Seq2[Referral, error] {
	return func(yield func(Referral, error) bool) {
		for entry, err := range state.Entries(referralPrefix) {
			var value referralValue
			if err == nil {
				err = json.Unmarshal(entry.Value, &value)
			}
			if err == nil && value.Version != referralVersion {
				err = fmt.Errorf("entry %s has version %d", entry.Key, value.Version)
			}
			if !yield(Referral{strings.TrimPrefix(entry.Key, referralPrefix), value.URLs}, err) {
				return
			}
		}
	}
}

// ReferredTo returns where the mailbox of a name is if it is not here: by its own
// referral or by that of a name above it. nil if it is here, or nowhere.
func ReferredTo(state State, name string) ([]string, error) {
	normal, err := NormalName(name)
	if err != nil {
		return nil, nil // what cannot be a name is nowhere
	}
	for referral, err := range Referrals(state) {
		switch {
		case err != nil:
			return nil, err
		case referral.Name == normal:
			return referral.URLs, nil
		case IsInferior(normal, referral.Name):
			return referral.below(normal[len(referral.Name):])
		}
	}
	return nil, nil
}

// below returns the URLs of a mailbox below the one that is referred to.
func (r Referral) below(rest string) ([]string, error) {
	urls := make([]string, len(r.URLs))
	for i, text := range r.URLs {
		url, err := imap.ParseURL(text)
		if err != nil {
			return nil, err
		}
		url.Mailbox += rest
		urls[i] = url.String()
	}
	return urls, nil
}

// SetReferral decides that the mailbox of a name is elsewhere. Nothing may be
// there or below, here: it could not be reached any more. ErrBadName, ErrInbox,
// ErrMailboxExists, ErrHasChildren, ErrTooManyMailbox.
func SetReferral(name string, urls []string) Decision {
	return func(state State) (Effects, error) {
		normal, err := NormalName(name)
		switch {
		case err != nil:
			return Effects{}, err
		case normal == Inbox:
			return Effects{}, ErrInbox
		case len(urls) == 0 || len(urls) > referralURLsMax:
			return Effects{}, fmt.Errorf("%w: a mailbox is on one to %d servers", ErrBadName, referralURLsMax)
		}
		if err := nothingAt(state, normal); err != nil {
			return Effects{}, err
		}
		count := 0
		for referral, err := range Referrals(state) {
			if err != nil {
				return Effects{}, err
			}
			if referral.Name == normal {
				continue // it is set anew
			}
			if count++; count >= referralsMax {
				return Effects{}, ErrTooManyMailbox
			}
			if IsInferior(normal, referral.Name) || IsInferior(referral.Name, normal) {
				return Effects{}, fmt.Errorf("%w: %s is elsewhere already", ErrMailboxExists, referral.Name)
			}
		}
		value, err := json.Marshal(referralValue{referralVersion, urls})
		return Effects{Records: []Record{EntryPut{Key: referralPrefix + normal, Value: value}}}, err
	}
}

// nothingAt says whether there is a mailbox at a name, or below.
func nothingAt(state State, name string) error {
	if _, err := state.MailboxNamed(name); !errors.Is(err, ErrNoMailbox) {
		return errors.Join(ErrMailboxExists, err)
	}
	for _, err := range state.Mailboxes(name + Separator) {
		return errors.Join(ErrHasChildren, err)
	}
	return nil
}

// RemoveReferral decides that the mailbox of a name is not elsewhere.
// ErrNotReferral.
func RemoveReferral(name string) Decision {
	return func(state State) (Effects, error) {
		normal, err := NormalName(name)
		if err != nil {
			return Effects{}, err
		}
		if _, err := state.Entry(referralPrefix + normal); errors.Is(err, ErrNoEntry) {
			return Effects{}, ErrNotReferral
		} else if err != nil {
			return Effects{}, err
		}
		return Effects{Records: []Record{EntryRemoved{Key: referralPrefix + normal}}}, nil
	}
}

// moveReferrals gives the referrals below a name that is renamed their new names,
// as all inferior names get them (RFC 9051 §6.3.6). A name that is there already,
// or elsewhere, is ErrMailboxExists: nothing may be below a referral.
func moveReferrals(effects *Effects, state State, from, to string) error {
	var moved []Referral
	for referral, err := range Referrals(state) {
		switch {
		case err != nil:
			return err
		case referral.Name == to || IsInferior(to, referral.Name):
			return ErrMailboxExists
		case IsInferior(referral.Name, to):
			if err := nothingAt(state, from+referral.Name[len(to):]); err != nil {
				return err // it would be hidden there
			}
		case IsInferior(referral.Name, from):
			moved = append(moved, referral)
		}
	}
	for _, referral := range moved {
		name, err := NormalName(to + referral.Name[len(from):])
		if err != nil {
			return err
		}
		if err := nothingAt(state, name); err != nil {
			return err
		}
		if urls, err := ReferredTo(state, name); err != nil || urls != nil {
			return errors.Join(ErrMailboxExists, err)
		}
		value, err := json.Marshal(referralValue{referralVersion, referral.URLs})
		if err != nil {
			return err
		}
		effects.Records = append(effects.Records,
			EntryRemoved{Key: referralPrefix + referral.Name}, EntryPut{Key: referralPrefix + name, Value: value})
	}
	return nil
}

// ErrBadURL says that a URL does not name what it should.
var ErrBadURL = errors.New("not the URL that is wanted")

// ServerURL reads the URL of a server for an account that is there: as whom to
// log in if it does not say, and by any mechanism, because a client would
// otherwise take it for an invitation to log in as nobody (RFC 2221 §3).
func ServerURL(text, user string) (string, error) {
	url, err := referralURL(text, user)
	switch {
	case err != nil:
		return "", err
	case url.String() != imap.URL{User: url.User, Auth: url.Auth, Host: url.Host, Port: url.Port}.String():
		return "", fmt.Errorf("%w: %s names more than a server", ErrBadURL, text)
	}
	return url.String() + "/", nil
}

// MailboxURL reads the URL of a mailbox, and says as whom to log in if the URL
// does not (RFC 2193 §3).
func MailboxURL(text, user string) (string, error) {
	url, err := referralURL(text, user)
	switch {
	case err != nil:
		return "", err
	case url.Mailbox == "" || url.IsMessage() || url.Search != "":
		return "", fmt.Errorf("%w: %s names no mailbox", ErrBadURL, text)
	}
	return url.String(), nil
}

func referralURL(text, user string) (imap.URL, error) {
	url, err := imap.ParseURL(text)
	switch {
	case err != nil:
		return url, fmt.Errorf("%w: %w", ErrBadURL, err)
	case url.Form != imap.URLAbsolute || url.Host == "":
		return url, fmt.Errorf("%w: %s names no server", ErrBadURL, text)
	case strings.ContainsAny(url.Host, "[]"):
		return url, fmt.Errorf("%w: the host is a name; the brackets of an address would end the response code", ErrBadURL)
	}
	if url.User == "" {
		url.User = user
	}
	if url.Auth == "" {
		url.Auth = "*"
	}
	return url, nil
}
