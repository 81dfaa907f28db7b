package transfer

const (
	// batchMessages and batchOctets bound what one commit brings: enough to
	// share an fsync, little enough to hold in memory.
	batchMessages = 200
	batchOctets   = 16 << 20
	// problemsMax is how many problems a report lists; it counts them all.
	problemsMax = 1000
	// headerMax is how much of an mbox message is searched for the fields
	// that mail programs keep their state in.
	headerMax = 1 << 20
	// lineMax is the longest line of a list file such as dovecot-uidlist.
	lineMax = 64 << 10
	// depthMax is how deep directories are searched for folders.
	depthMax = 64
	// copyBuffer is how much of a message is in memory at once.
	copyBuffer = 64 << 10
)
