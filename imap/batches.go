package imap

// BatchesRequest is the argument of UIDBATCHES (RFC 10022 §4).
type BatchesRequest struct {
	// Tag is the command's tag, which the response repeats.
	Tag string
	// Size is how many messages a batch may have.
	Size uint32
	// First and Last name the batches that are asked for, 1 being that of the
	// newest messages; both are 0 if all are.
	First, Last uint32
}
