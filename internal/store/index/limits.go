package index

// Limits of the index. They bound its memory, of which a mail server should
// need little: the operating system caches the files as well.
const (
	// cacheSize holds the blocks that were read last. The rows of 100,000
	// messages are about 7 MB.
	cacheSize = 16 << 20
	// memtableSize is what is lost in a crash at most, and derived again on
	// open: some ten thousand messages, a second's work.
	memtableSize = 8 << 20
	// memtablesMax is how many of them wait for the disk before writers wait.
	memtablesMax = 4
	// filesMax is how many files are open at once.
	filesMax = 256
	// bloomBits per key keep nine of a thousand needless looks at a table.
	bloomBits = 10
)
