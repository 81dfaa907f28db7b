package bearer

import "time"

// None of these is configurable: they bound what an issuer, or somebody with
// made-up tokens, can cost.
const (
	// TokenMax is the longest token that is looked at. JWTs of large directories
	// have some thousand octets.
	TokenMax = 16 << 10
	// requestTime is how long one request to the issuer may take.
	requestTime = 5 * time.Second
	// replyMax is the largest answer of an issuer: key sets have some thousand
	// octets.
	replyMax = 1 << 20
	// keysMax bounds the keys that are kept. Issuers have a handful.
	keysMax = 100
	// keysFresh is how old keys may be before they are asked for again, and
	// keysStale how old while the issuer does not answer.
	keysFresh = time.Hour
	keysStale = 24 * time.Hour
	// keysPause is how far apart requests for keys are that are caused by tokens
	// with a key that is not known: rotated keys are found soon, and made-up
	// ones cost nothing.
	keysPause = 30 * time.Second
	// failurePause is how long nobody asks an issuer that did not answer.
	failurePause = 5 * time.Second
	// leeway is how far the clocks of the issuer and of this machine may differ.
	leeway = time.Minute
	// rememberFor is how long a positive answer to an introspection is taken
	// for good: as long as a token that was revoked still works
	// (RFC 7662, section 4). rememberedMax is how many are.
	rememberFor   = time.Minute
	rememberedMax = 10000
)
