package auth

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/restante/restante/internal/mail"
)

// The directory is entries of account 0. Values are JSON with a version; a
// key's own part is in its normal form.
//
//	key                       value
//	account/<16 hex digits>   accountEntry
//	domain/<domain>           domainEntry
//	alias/<address>           aliasEntry; without @, in the default domain
//	group/<name>              groupEntry
//	grant/…                   see grants.go
//	setting/directory         settingEntry
const (
	accountPrefix = "account/"
	domainPrefix  = "domain/"
	aliasPrefix   = "alias/"
	settingKey    = "setting/directory"

	entryVersion = 1
)

// accountEntry is one user.
type accountEntry struct {
	Version int    `json:"version"`
	Local   string `json:"local"`
	// Domain is empty for an account that was named without one: it is in
	// the default domain and moves with it.
	Domain   string      `json:"domain,omitempty"`
	Password string      `json:"password"` // PHC string
	Scram    *scramEntry `json:"scram,omitempty"`
	// ScramSHA1 is there only if SCRAM-SHA-1 was configured when the password
	// was set, or used since.
	ScramSHA1 *scramEntry `json:"scramSHA1,omitempty"`
	Disabled  bool        `json:"disabled,omitempty"`
	// Referral is nil for an account that lives here.
	Referral *Referral `json:"referral,omitempty"`
	Admin    bool      `json:"admin,omitempty"`
	// Shared marks an account that nobody logs in to: its mailboxes are shown
	// among the shared ones of those who have rights on them.
	Shared  bool      `json:"shared,omitempty"`
	Created time.Time `json:"created"`
}

// scramEntry is what SCRAM verifies a proof with (RFC 5802 §2.2).
type scramEntry struct {
	Salt       []byte `json:"salt"`
	Iterations int    `json:"iterations"`
	StoredKey  []byte `json:"storedKey"`
	ServerKey  []byte `json:"serverKey"`
}

// domainEntry is one domain that is ours.
type domainEntry struct {
	Version int `json:"version"`
	// CatchAll is the address that gets what nobody else does, or empty.
	CatchAll string `json:"catchAll,omitempty"`
}

// aliasEntry is an address that stands for others of ours.
type aliasEntry struct {
	Version int      `json:"version"`
	Targets []string `json:"targets"`
}

// settingEntry is what there is once.
type settingEntry struct {
	Version int `json:"version"`
	// NextAccount is larger than every account that ever was.
	NextAccount mail.AccountID `json:"nextAccount"`
	// NextGroup is larger than every group that ever was.
	NextGroup uint64 `json:"nextGroup,omitempty"`
	// DefaultDomain is empty until one is named.
	DefaultDomain string `json:"defaultDomain,omitempty"`
	// Secret makes up the salts of users who do not exist, so that a SCRAM
	// exchange begins for them as for everyone, also after a restart.
	Secret []byte `json:"secret"`
}

func accountKey(id mail.AccountID) string { return fmt.Sprintf("%s%016x", accountPrefix, uint64(id)) }

func put(key string, value any) (mail.EntryPut, error) {
	encoded, err := json.Marshal(value)
	return mail.EntryPut{Key: key, Value: encoded}, err
}

// decodeEntry reads a value and refuses versions from the future.
func decodeEntry[T any](key string, value []byte, version func(*T) int) (*T, error) {
	entry := new(T)
	if err := json.Unmarshal(value, entry); err != nil {
		return nil, fmt.Errorf("directory entry %s: %w: %w", key, mail.ErrCorrupt, err)
	}
	if v := version(entry); v != entryVersion {
		return nil, fmt.Errorf("directory entry %s has version %d; this program knows %d", key, v, entryVersion)
	}
	return entry, nil
}
