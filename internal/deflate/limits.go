package deflate

// Limits. They bound the memory of one stream; how much a stream may expand to is
// for its reader to say, who takes no more than it wants.
const (
	// windowSize is how far back a match can reach (RFC 1951 §2).
	windowSize = 32 << 10
	// pendingMax is how much is decoded before somebody takes it.
	pendingMax = 8 << 10
	// slideSize is how long the output grows before its head is given up:
	// window and what is pending, with room so that it seldom moves.
	slideSize = windowSize + 2*pendingMax
)
