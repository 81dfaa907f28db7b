package auth

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// cost is what one Argon2id computation takes (RFC 9106 §3.1).
type cost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

// costMax bounds what a stored hash can make the server do.
var costMax = cost{memory: 1 << 20, passes: 64, lanes: 64}

const (
	argonSaltSize = 16
	argonKeySize  = 32
)

// passwordHash is a parsed PHC string,
// $argon2id$v=19$m=19456,t=2,p=1$<salt>$<key>, both in base64 without padding.
type passwordHash struct {
	cost
	salt, key []byte
}

func (h passwordHash) String() string {
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, h.memory, h.passes, h.lanes, encode(h.salt), encode(h.key))
}

func parseHash(text string) (passwordHash, error) {
	var h passwordHash
	fields := strings.Split(text, "$")
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" {
		return h, fmt.Errorf("password hash is not of a known kind")
	}
	var version int
	if _, err := fmt.Sscanf(fields[2], "v=%d", &version); err != nil || version != argon2.Version {
		return h, fmt.Errorf("password hash is of an unknown version")
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.lanes); err != nil {
		return h, fmt.Errorf("password hash has no cost: %w", err)
	}
	if h.passes == 0 || h.lanes == 0 || h.memory > costMax.memory || h.passes > costMax.passes || h.lanes > costMax.lanes {
		return h, fmt.Errorf("password hash has a cost out of bounds")
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.DecodeString(fields[4]); err != nil {
		return h, fmt.Errorf("password hash: %w", err)
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(fields[5]); err != nil || len(h.key) < 16 || len(h.key) > 64 {
		return h, fmt.Errorf("password hash has no key")
	}
	return h, nil
}

// compute runs Argon2id.
func (h passwordHash) compute(password string) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.passes, h.memory, h.lanes, uint32(len(h.key)))
}

// matches compares in constant time.
func (h passwordHash) matches(key []byte) bool { return subtle.ConstantTimeCompare(h.key, key) == 1 }
