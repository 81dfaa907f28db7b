package index

// Limits of the index. They bound its memory, of which a mail server should
// need little: the operating system caches the files as well.
const (
	// cacheSize holds the blocks that were read last, and is charged with
	// the memtables, of which there are two most of the time: half of it is
	// for blocks. The rows of 100,000 messages are about 7 MB.
	cacheSize = 32 << 20
	// memtableSize is what is lost in a crash at most, and derived again on
	// open: some ten thousand messages, a second's work.
	memtableSize = 8 << 20
	// memtablesMax is how many of them wait for the disk before writers wait.
	memtablesMax = 4
	// filesMax is how many files are open at once.
	filesMax = 256
	// tableSize is the size of a file of rows. Each has its filter in one
	// piece, which the cache must be able to hold beside others: 100 KB.
	tableSize = 8 << 20
	// bloomBits per key keep nine of a thousand needless looks at a table.
	bloomBits = 10
)
