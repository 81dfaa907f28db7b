package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/restante/restante/imap"
)

// URLKey is the mailbox access key that authorizes the URLs of one mailbox for
// one user (RFC 4467 §2.2): 256 unpredictable bits. It is an entry of the user's
// account. The zero value is none.
type URLKey [32]byte

// URLKeyOwner names a mailbox whose URLs a key authorizes. The table of keys is
// the user's own, also where the mailbox is in somebody else's account.
type URLKeyOwner struct {
	// Account is the mailbox's, or zero if that is the user's own.
	Account AccountID
	Mailbox MailboxID
}

// urlKeyPrefix begins the keys of the entries; then come the account and the
// mailbox in hexadecimal.
const urlKeyPrefix = "urlauth/"

func (o URLKeyOwner) entry() string {
	return urlKeyPrefix + strconv.FormatUint(uint64(o.Account), 16) + "/" + strconv.FormatUint(uint64(o.Mailbox), 16)
}

// URLKeyOf returns the key of a mailbox, the zero value if there is none.
// ErrCorrupt.
func URLKeyOf(state State, owner URLKeyOwner) (key URLKey, err error) {
	value, err := state.Entry(owner.entry())
	switch {
	case errors.Is(err, ErrNoEntry):
		return key, nil
	case err != nil:
		return key, err
	case len(value) != len(key):
		return key, fmt.Errorf("entry %s: %w", owner.entry(), ErrCorrupt)
	}
	return URLKey(value), nil
}

// MakeURLKey keeps a fresh key for a mailbox that has none. key is set to the one
// that it has then (RFC 4467 §7, GENURLAUTH).
func MakeURLKey(owner URLKeyOwner, fresh URLKey, key *URLKey) Decision {
	return func(state State) (effects Effects, err error) {
		if *key, err = URLKeyOf(state, owner); err != nil || *key != (URLKey{}) {
			return effects, err
		}
		*key = fresh
		effects.Records = []Record{EntryPut{Key: owner.entry(), Value: fresh[:]}}
		return effects, nil
	}
}

// ResetURLKey gives a mailbox a fresh key, which makes every URL worthless that
// the old one authorized (RFC 4467 §7, RESETKEY).
func ResetURLKey(owner URLKeyOwner, fresh URLKey) Decision {
	return func(State) (effects Effects, err error) {
		effects.Records = []Record{EntryPut{Key: owner.entry(), Value: fresh[:]}}
		return effects, nil
	}
}

// RemoveURLKeys removes every key of a user.
func RemoveURLKeys() Decision {
	return func(state State) (effects Effects, err error) {
		for entry, err := range state.Entries(urlKeyPrefix) {
			if err != nil {
				return effects, err
			}
			effects.Records = append(effects.Records, EntryRemoved{Key: strings.Clone(entry.Key)})
		}
		return effects, nil
	}
}

// removeURLKey removes the user's own key of a mailbox that is deleted.
func removeURLKey(effects *Effects, state State, mailbox MailboxID) error {
	owner := URLKeyOwner{Mailbox: mailbox}
	key, err := URLKeyOf(state, owner)
	if err == nil && key == (URLKey{}) {
		return nil
	}
	if err != nil && !errors.Is(err, ErrCorrupt) {
		return err
	}
	effects.Records = append(effects.Records, EntryRemoved{Key: owner.entry()})
	return nil
}

// urlTokenHMAC begins the tokens that are an HMAC with SHA-256, so that another
// algorithm can be told from it one day (RFC 4467 §2.4.1).
const urlTokenHMAC = "01"

// Token proves a URL, which is given as it stands without a proof, of a mailbox
// with this UIDVALIDITY (RFC 4467 §5). It is written in hexadecimal.
func (k URLKey) Token(uidValidity imap.UIDValidity, rump string) string {
	mac := hmac.New(sha256.New, k[:])
	var number [4]byte
	binary.BigEndian.PutUint32(number[:], uint32(uidValidity))
	mac.Write(number[:])
	io.WriteString(mac, rump)
	return urlTokenHMAC + hex.EncodeToString(mac.Sum(nil))
}

// Proves reports whether a token is that of a URL. How long it takes tells
// nothing of the token, nor, with any key, whether there is one.
func (k URLKey) Proves(uidValidity imap.UIDValidity, rump, token string) bool {
	return hmac.Equal([]byte(k.Token(uidValidity, rump)), []byte(strings.ToLower(token)))
}
