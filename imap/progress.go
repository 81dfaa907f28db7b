package imap

// CodeInProgress tells how far a command has come (RFC 9585 §4).
type CodeInProgress struct {
	// Tag is the command's tag, "" if it is not told.
	Tag string
	// HasDone says that Done is known: how many items were processed. Goal is
	// how many there are, 0 if that is not known.
	HasDone    bool
	Done, Goal uint32
}

// Name returns "INPROGRESS".
func (CodeInProgress) Name() string { return "INPROGRESS" }

func (CodeInProgress) code() {}
