package imapwire

// Limits bound what one command, or one response, may cost before it is
// understood.
type Limits struct {
	// LineOctetsMax bounds the text of a command, all its lines together
	// and its literals not counted.
	LineOctetsMax int
	// LiteralsMax bounds how many literals a command has.
	LiteralsMax int
	// BufferedOctetsMax bounds the literals of a command that are held in
	// memory, together. Streamed literals are not counted.
	BufferedOctetsMax uint64
	// DiscardOctetsMax bounds what is read and thrown away after a command
	// was refused, to find its end. Beyond it the connection is given up.
	DiscardOctetsMax uint64
	// DepthMax bounds nesting: of search keys, of lists, of body parts.
	DepthMax int
	// RangesMax bounds the ranges of one sequence set.
	RangesMax int
	// ItemsMax bounds the members of one list: FETCH items, flags, header
	// field names, search keys and the like, each in its own list.
	ItemsMax int
}

// urlsMax is how many URLs one command may name: more than a message has parts that
// somebody sends, and few enough to be looked at one by one.
const urlsMax = 1000

// entryNameMax is the longest name of an entry of metadata or of an annotation in
// octets, and the longest pattern for one: many components, and few enough that
// every name of a mailbox can be compared with a pattern.
const entryNameMax = 512

// DefaultLimits returns the limits of a server that was not told otherwise.
func DefaultLimits() Limits {
	return Limits{
		// RFC 2683 §3.2.1.5 asks servers for at least 8000 octets; sets
		// that clients build message by message need more.
		LineOctetsMax: 64 << 10,
		// A search for many names, each a literal, is the longest seen.
		LiteralsMax: 1000,
		// Names, passwords and search texts; messages are streamed.
		BufferedOctetsMax: 1 << 20,
		// One refused message of an ordinary size may follow without
		// waiting (RFC 7888 §4); more is not worth reading.
		DiscardOctetsMax: 128 << 20,
		// Clients chain OR for each name of a list, a hundred deep; the
		// stack would bear many times more.
		DepthMax: 256,
		// What fits in a line of 64 KiB anyway: "1,3,5,…".
		RangesMax: 32 << 10,
		// What fits in a line of 64 KiB anyway.
		ItemsMax: 16 << 10,
	}
}
