package imap

// ThreadAlgorithm is a way to make threads of messages (RFC 5256 §3).
type ThreadAlgorithm uint8

// The threading algorithms.
const (
	ThreadOrderedSubject ThreadAlgorithm = iota + 1
	ThreadReferences
	threadAlgorithmEnd
)

var threadAlgorithmNames = [threadAlgorithmEnd]string{
	ThreadOrderedSubject: "ORDEREDSUBJECT", ThreadReferences: "REFERENCES",
}

// ThreadAlgorithms calls yield with every algorithm there is.
func ThreadAlgorithms(yield func(ThreadAlgorithm) bool) {
	for a := ThreadOrderedSubject; a < threadAlgorithmEnd && yield(a); a++ {
	}
}

// String returns the algorithm's word.
func (a ThreadAlgorithm) String() string {
	if a < threadAlgorithmEnd {
		return threadAlgorithmNames[a]
	}
	return ""
}

// ThreadRequest is the argument of THREAD and UID THREAD.
type ThreadRequest struct {
	ByUID     bool
	Algorithm ThreadAlgorithm
	// Charset and Key are those of SearchRequest.
	Charset string
	Key     SearchKey
}

// ThreadNode is a message in a list of threads. The list is in the order in
// which THREAD writes it: each message before its children, and all that comes
// from it before its next sibling. Threads may be as deep as they are long, so
// that no tree of pointers is made of them.
type ThreadNode struct {
	// Number is a UID or sequence number; 0 stands for a message that is not
	// there, and has its children's thread in common (RFC 5256 §4).
	Number uint32
	// Parent is the place of the parent in the list, -1 for a thread's first.
	Parent int
}
