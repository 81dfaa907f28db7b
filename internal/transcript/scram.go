package transcript

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha1" // RFC 5802 §4
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"
)

// scramHashes are the hash functions of the mechanisms (RFC 5802, RFC 7677).
var scramHashes = map[string]func() hash.Hash{"SCRAM-SHA-256": sha256.New, "SCRAM-SHA-1": sha1.New}

// scramTwists are what a client of the judge can do otherwise, all the rest of it
// being right: the proof is always of what it really said.
var scramTwists = []string{
	"wrong",          // has a wrong password
	"y",              // believes that the server cannot bind channels
	"nonce",          // ends with another nonce
	"own-nonce",      // ends with its own nonce alone
	"proof",          // proves something else
	"no-proof",       // proves nothing
	"header",         // ends with another GS2 header
	"binding",        // ends with other data of the channel
	"mandatory",      // has an extension first that must be understood
	"mandatory-late", // has it among the optional ones
	"mandatory-last", // has it in its last message
	"optional",       // has extensions that may be ignored
	"self",           // wants to be who it is
	"other",          // wants to be somebody else
}

// scramClient is the client's side of one exchange (RFC 5802 §5). The server uses
// another implementation.
type scramClient struct {
	hash                    func() hash.Hash
	user, password          string
	bound                   string // the name of the channel binding, "" without
	data                    []byte // of the channel
	twists                  []string
	strict                  bool
	header, bare, nonce     string
	serverFirst, withoutEnd string
	salted, serverSignature []byte
	step                    int
	serverIsProven          bool
}

func (c *scramClient) twisted(name string) bool { return slices.Contains(c.twists, name) }

// answer returns what the client says to a challenge.
func (c *scramClient) answer(challenge string) (string, error) {
	c.step++
	switch c.step {
	case 1:
		if challenge != "" {
			return "", errors.New("the client speaks first (RFC 5802 §5)")
		}
		return c.first()
	case 2:
		return c.final(challenge)
	case 3:
		return "", c.check(challenge)
	}
	return "", errors.New("the exchange should be over")
}

var scramEscapes = strings.NewReplacer("=", "=3D", ",", "=2C")

func (c *scramClient) first() (string, error) {
	flag := "n"
	switch {
	case c.bound != "":
		flag = "p=" + c.bound
	case c.twisted("y"):
		flag = "y"
	}
	authorization := ""
	switch {
	case c.twisted("self"):
		authorization = "a=" + scramEscapes.Replace(c.user)
	case c.twisted("other"):
		authorization = "a=somebody-else"
	}
	c.nonce = rand.Text()
	c.header = flag + "," + authorization + ","
	c.bare = "n=" + scramEscapes.Replace(c.user) + ",r=" + c.nonce
	if c.twisted("mandatory") {
		c.bare = "m=x," + c.bare
	}
	if c.twisted("mandatory-late") {
		c.bare += ",m=x"
	}
	if c.twisted("optional") {
		c.bare += ",x=ignore,y=this"
	}
	return c.header + c.bare, nil
}

// final reads server-first-message and makes client-final-message.
func (c *scramClient) final(challenge string) (string, error) {
	nonce, salt, iterations, err := c.readServerFirst(challenge)
	if err != nil {
		return "", err
	}
	c.serverFirst = challenge
	if c.salted, err = pbkdf2.Key(c.hash, c.password, salt, iterations, c.hash().Size()); err != nil {
		return "", err
	}
	header, data := c.header, slices.Clone(c.data)
	switch {
	case c.twisted("header"):
		header = "y" + header[1:]
	case c.twisted("binding"):
		data = append(data, 'x')
	case c.twisted("nonce"):
		nonce += "x"
	case c.twisted("own-nonce"):
		nonce = c.nonce
	}
	c.withoutEnd = "c=" + base64.StdEncoding.EncodeToString(append([]byte(header), data...)) + ",r=" + nonce
	if c.twisted("mandatory-last") {
		c.withoutEnd += ",m=x"
	}
	if c.twisted("optional") {
		c.withoutEnd += ",z=ignore"
	}
	proof := c.proof()
	switch {
	case c.twisted("no-proof"):
		return c.withoutEnd, nil
	case c.twisted("proof"):
		proof[0] ^= 1
	}
	return c.withoutEnd + ",p=" + base64.StdEncoding.EncodeToString(proof), nil
}

// readServerFirst reads a nonce, a salt, and how often to hash (RFC 5802 §7).
func (c *scramClient) readServerFirst(text string) (nonce string, salt []byte, iterations int, err error) {
	fields := strings.Split(text, ",")
	if len(fields) < 3 {
		return "", nil, 0, errors.New("a nonce, a salt and an iteration count must come (RFC 5802 §7)")
	}
	nonce, ok := strings.CutPrefix(fields[0], "r=")
	if !ok || !strings.HasPrefix(nonce, c.nonce) || len(nonce) == len(c.nonce) {
		return "", nil, 0, errors.New("the server must append to the client's nonce (RFC 5802 §5)")
	}
	encoded, ok := strings.CutPrefix(fields[1], "s=")
	if salt, err = base64.StdEncoding.DecodeString(encoded); !ok || err != nil || len(salt) == 0 {
		return "", nil, 0, errors.New("the salt is not base64 (RFC 5802 §7)")
	}
	count, ok := strings.CutPrefix(fields[2], "i=")
	if iterations, err = strconv.Atoi(count); !ok || err != nil || iterations < 1 || strconv.Itoa(iterations) != count {
		return "", nil, 0, errors.New("the iteration count is no positive number (RFC 5802 §7)")
	}
	if c.strict && iterations < 4096 {
		return "", nil, 0, fmt.Errorf("%d iterations are fewer than 4096 (RFC 7677 §3, RFC 5802 §5.1)", iterations)
	}
	return nonce, salt, iterations, nil
}

// proof computes ClientProof, and the ServerSignature that will be due
// (RFC 5802 §3).
func (c *scramClient) proof() []byte {
	message := c.bare + "," + c.serverFirst + "," + c.withoutEnd
	key := c.mac(c.salted, "Client Key")
	stored := c.hash()
	stored.Write(key)
	proof := make([]byte, len(key))
	subtle.XORBytes(proof, key, c.mac(stored.Sum(nil), message))
	c.serverSignature = c.mac(c.mac(c.salted, "Server Key"), message)
	return proof
}

func (c *scramClient) mac(key []byte, text string) []byte {
	m := hmac.New(c.hash, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// check reads server-final-message: the server's proof, or an error.
func (c *scramClient) check(challenge string) error {
	attribute, _, _ := strings.Cut(challenge, ",")
	if strings.HasPrefix(attribute, "e=") {
		return nil // NO is due
	}
	signature, ok := strings.CutPrefix(attribute, "v=")
	octets, err := base64.StdEncoding.DecodeString(signature)
	if !ok || err != nil || !hmac.Equal(octets, c.serverSignature) {
		return errors.New("the server does not prove that it knows the password (RFC 5802 §5)")
	}
	c.serverIsProven = true
	return nil
}
