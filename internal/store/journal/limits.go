package journal

// Every limit of the journal, with its reason. Options may override those that
// have a field there.
const (
	// segmentSizeDefault: large enough that rolling (two fsyncs and a new
	// file) is rare and that 100 GB are 400 files; small enough to be
	// rewritten by Reclaim within a second or two.
	segmentSizeDefault = 256 << 20

	// reserveDefault is left free on the file system so that the index can
	// still write out and compact what it holds in memory.
	reserveDefault = 64 << 20

	// reserveShareWithoutBodies is the part of the reserve that stays even
	// when no bodies come: flags and removals take a few hundred octets each,
	// and a quarter still lets the index write out a memtable.
	reserveShareWithoutBodies = 4

	// groupSizeMax bounds what becomes durable with one fsync: beyond some
	// megabytes the disk's bandwidth is the limit, and waiting longer would
	// only delay the first of the group.
	groupSizeMax = 8 << 20

	// lineSizeMax and lineUnitsMax bound the memory of units that wait for
	// the disk: four full groups, or as many small units as need about as
	// much with their tickets.
	lineSizeMax  = 32 << 20
	lineUnitsMax = 1 << 14

	// applyInlineMax is how many units the writer applies itself when nobody
	// waits for the disk: applying so few takes less than a sync.
	applyInlineMax = 2

	// inlineMax is the largest body that is held in memory while its unit
	// waits; larger ones are copied from their Content to the disk in pieces.
	// Most mail is far below it.
	inlineMax = 256 << 10

	// inlineTotalMax bounds the bodies of one unit that are held in memory.
	inlineTotalMax = 1 << 20

	// pieceSize is how much of a streamed body is in memory at a time.
	pieceSize = 256 << 10

	// blockSize is the part of a body that one checksum covers, so that
	// reading a little of a large body verifies little.
	blockSize = 32 << 10

	// metaSizeMax bounds the records of one unit; a whole account's snapshot
	// must fit. It also bounds what a damaged length can make a reader
	// allocate.
	metaSizeMax = 256 << 20

	// entriesMax and bodiesMax bound one unit: a message to 65,536 accounts,
	// or an import's batch.
	entriesMax = 1 << 16
	bodiesMax  = 1 << 14

	// bodySizeMax keeps the length of a body within 31 bits, so that it fits
	// into a Place beside the segment's number.
	bodySizeMax = 1 << 31

	// windowSize is what a reader of bodies reads ahead: at 3 KB a message
	// some eighty messages cost one system call. It also is the size up to
	// which Bytes returns a whole body.
	windowSize = 256 << 10

	// hopWindow is what a walk over unit heads reads when bodies are so large
	// that reading them too would cost more than another system call.
	hopWindow = 4 << 10

	// openSegmentsMax bounds the descriptors kept open for reading; a process
	// has a few thousand for all its connections.
	openSegmentsMax = 64

	// summaryMax bounds the remembered (segment, account) pairs that let Read
	// pass over segments; 24 octets each.
	summaryMax = 1 << 20

	// lookupMax bounds the remembered places of bodies that Reclaim moved and
	// the index has not followed; 48 octets each.
	lookupMax = 1 << 18

	// deadShareDefault: rewriting copies what is alive, so that below a half
	// more would be written than won.
	deadShareDefault = 0.5

	// compressMin: below, a frame's head and the table eat what is won.
	compressMin = 256

	// compressMax bounds what Reclaim holds in memory of one body, twice.
	compressMax = 32 << 20
)
