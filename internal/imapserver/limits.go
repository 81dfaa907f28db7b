package imapserver

import (
	"time"

	"github.com/restante/restante/imap/imapwire"
)

// Limits bound what one client, account or address can ask of the server. A
// zero member means its default.
type Limits struct {
	// LineMax is the longest command line in octets, without its literals.
	LineMax int
	// LiteralMax is the largest literal in octets: the largest message that
	// APPEND takes.
	LiteralMax int64
	// LiteralEarlyMax is the same before a client has logged in.
	LiteralEarlyMax int64
	// ArgumentsMax bounds all literals of a command that is not APPEND.
	ArgumentsMax int64
	// AppendMessagesMax is how many messages one APPEND may bring.
	AppendMessagesMax int
	// MessagesMax is how many messages one SEARCH, FETCH, STORE, COPY, MOVE, UID
	// EXPUNGE or APPEND is carried out for, and SavesMax the same of COPY and
	// APPEND alone, if the former is not set. 0 does not bound them, which is the
	// default: clients that do not know of it lose sight of the rest of a mailbox
	// (RFC 9738 §4.1).
	MessagesMax int
	SavesMax    int
	// LiteralsMax is how many literals one command may have, DepthMax how
	// deep search keys and lists may nest, RangesMax how many ranges one
	// sequence set may have, and ItemsMax how many members one list. Their
	// defaults are those of package imapwire.
	LiteralsMax int
	DepthMax    int
	RangesMax   int
	ItemsMax    int
	// AuthenticationTime is how long a client may take to log in.
	AuthenticationTime time.Duration
	// IdleTime is how long a client may be silent, also in IDLE.
	IdleTime time.Duration
	// WriteTime is how long one write may wait for a client that does not
	// read.
	WriteTime time.Duration
	// ProgressTime is how long a client hears nothing of a search.
	ProgressTime time.Duration
	// ConvertMessagesMax is how many messages one CONVERT may name, and
	// ConvertPartsMax how many body parts of each (RFC 5259 §8.5).
	ConvertMessagesMax int
	ConvertPartsMax    int
	// ErrorsMax is how many malformed commands in a row end a session.
	ErrorsMax int
}

// The defaults.
const (
	// lineMax lets clients name thousands of messages one by one; RFC 7162
	// §4 asks for 8,192 octets at least.
	lineMax = 64 << 10
	// literalMax is above what mail servers of the world accept.
	literalMax = 64 << 20
	// literalEarlyMax is enough for every name and password, and too little
	// to fill memory without an account.
	literalEarlyMax = 4 << 10
	// argumentsMax bounds the memory of a command other than APPEND: search
	// strings and mailbox names.
	argumentsMax = 1 << 20
	// appendMessagesMax bounds what is staged for one MULTIAPPEND.
	appendMessagesMax = 1000
	// authenticationTime is enough for a person with a second factor.
	authenticationTime = time.Minute
	// idleTime is what RFC 9051 §5.4 demands at least.
	idleTime = 30 * time.Minute
	// writeTime is long for a phone in a tunnel and short for an attacker.
	writeTime = 5 * time.Minute
	// progressTime is within what RFC 9585 §4 recommends, 10 to 15 seconds.
	progressTime = 12 * time.Second
	// convertMessagesMax is a screen full of messages: more would keep a
	// processor busy for minutes.
	convertMessagesMax = 50
	// convertPartsMax is what a message with pictures holds.
	convertPartsMax = 20
	// errorsMax ends sessions that speak another protocol.
	errorsMax = 50
)

// Limits that are not configurable, because only memory and the shape of the
// code decide them.
const (
	// outputSize is how much is gathered before it is written: large enough
	// that a body of usual size leaves in one system call.
	outputSize = 64 << 10
	// inputSize is the buffer of a client that is sending.
	inputSize = 16 << 10
	// parkedInputSize is the buffer of a client that is silent. What a client
	// sends first usually fits.
	parkedInputSize = 64
	// compressedInputSize is how much of a compressed stream is read at once,
	// while a client is sending; an idle one holds no such buffer. What it
	// expands to is bounded by package deflate until it is read.
	compressedInputSize = 4 << 10
	// deflateLevel is how hard responses are compressed: about as quickly as
	// they are written, and small enough (RFC 4978 §4).
	deflateLevel = 2
	// progressStep is how many messages of a search are looked at before the
	// clock is.
	progressStep = 64
	// filterDepthMax is how deep filters may refer to filters, RFC 5466 §3.1
	// demands 3, and filterSubstitutionsMax how often all of one command may:
	// what each filter doubles would grow without bounds.
	filterDepthMax         = 8
	filterSubstitutionsMax = 100
	// metadataPortionOctets is how many octets of metadata wait together for a client
	// to take them: all entries of a mailbox can be 32 MiB.
	metadataPortionOctets = 1 << 20
	// batchSizeMin is the smallest batch of UIDBATCHES, and batchMessagesMax
	// how many messages one range of batches may span: both are what RFC 10022
	// §3.1.3.2 and §3.1.5 name.
	batchSizeMin     = 500
	batchMessagesMax = 100_000
	// batchRequestsMax is how many requests for batches of one mailbox are
	// remembered; a client that pages through a large one needs fewer.
	batchRequestsMax = 256
	// literalMinusMax is the largest literal in octets that need not be asked for
	// where LITERAL- is offered (RFC 7888 §5).
	literalMinusMax = 4096
	// fetchPortion is how many messages are read from one state before the
	// state is let go, so that a slow client pins nothing.
	fetchPortion = 512
	// fetchPortionOctets is how many octets of responses one state may wait
	// for the client to take.
	fetchPortionOctets = 1 << 20
	// fetchPortionStructures is how many octets the parsed forms of these
	// messages may take: a few hundred messages of thousands of parts would
	// fill gigabytes.
	fetchPortionStructures = 8 << 20
	// headerInMemory is the largest header of which fields are picked in
	// memory. Mail that was sent for its text stays far below.
	headerInMemory = 256 << 10
	// searchMailboxesMax bounds the mailboxes of one ESEARCH (RFC 7377 §2.4): as
	// many as anybody keeps, and a bound for the list of them.
	searchMailboxesMax = 10_000
	// fuzzyWordsMax bounds the words of one FUZZY text: each is looked for by itself,
	// and more of them tell nothing new.
	fuzzyWordsMax = 32
	// contextsMax bounds the searches whose results one session has kept up to
	// date: each is evaluated again for every message that changes. Clients keep
	// one for each view that is open.
	contextsMax = 16
	// contextSortedMax bounds the messages in the sorted ones of them, together:
	// what they are sorted by stays in memory, some 50 octets each.
	contextSortedMax = 200_000
	// urlMax is the longest URL in octets: a mailbox's name of full length, every
	// octet encoded, and all parameters.
	urlMax = 8 << 10
	// keyResetsMax bounds the news of keys that wait in a session which is busy.
	keyResetsMax = 100
	// catenateCopiesMax bounds what the URLs of one APPEND copy, in messages of
	// the largest size: a line of text must not fill the disk.
	catenateCopiesMax = 8
	// notifyGroupsMax, notifyNamesMax and notifyNameOctetsMax bound what one NOTIFY
	// may name: more mailboxes one by one than anybody keeps, in less memory than a
	// session may cost. Whoever has more says PERSONAL.
	notifyGroupsMax     = 64
	notifyNamesMax      = 2000
	notifyNameOctetsMax = 48 << 10
	// notifyItemsMax bounds the items that are told of each new message.
	notifyItemsMax = 64
	// notifyMailboxesMax bounds the mailboxes of one NOTIFY with STATUS: as
	// searchMailboxesMax.
	notifyMailboxesMax = 10_000
	// notifyAccountsMax bounds the accounts of others that one NOTIFY leads to: each
	// has two queues of changes.
	notifyAccountsMax = 256
	// ownCommitsMax bounds what a session remembers of its own commits during one
	// command. Of those beyond it the client is told as of others'.
	ownCommitsMax = 256
	// idFieldsMax and idOctetsMax bound what ID is logged with (RFC 2971
	// §3.3: 30 fields); longer ones are read and passed over.
	idFieldsMax = 30
	idOctetsMax = 200
)

func orDefault[T int | int64 | time.Duration](value, otherwise T) T {
	if value == 0 {
		return otherwise
	}
	return value
}

// withDefaults returns the limits with every zero member replaced.
func (l Limits) withDefaults() Limits {
	wire := imapwire.DefaultLimits()
	return Limits{
		LineMax:            orDefault(l.LineMax, lineMax),
		LiteralMax:         orDefault(l.LiteralMax, literalMax),
		LiteralEarlyMax:    orDefault(l.LiteralEarlyMax, literalEarlyMax),
		ArgumentsMax:       orDefault(l.ArgumentsMax, argumentsMax),
		AppendMessagesMax:  orDefault(l.AppendMessagesMax, appendMessagesMax),
		MessagesMax:        l.MessagesMax,
		SavesMax:           l.SavesMax,
		LiteralsMax:        orDefault(l.LiteralsMax, wire.LiteralsMax),
		DepthMax:           orDefault(l.DepthMax, wire.DepthMax),
		RangesMax:          orDefault(l.RangesMax, wire.RangesMax),
		ItemsMax:           orDefault(l.ItemsMax, wire.ItemsMax),
		AuthenticationTime: orDefault(l.AuthenticationTime, authenticationTime),
		IdleTime:           orDefault(l.IdleTime, idleTime),
		WriteTime:          orDefault(l.WriteTime, writeTime),
		ProgressTime:       orDefault(l.ProgressTime, progressTime),
		ConvertMessagesMax: orDefault(l.ConvertMessagesMax, convertMessagesMax),
		ConvertPartsMax:    orDefault(l.ConvertPartsMax, convertPartsMax),
		ErrorsMax:          orDefault(l.ErrorsMax, errorsMax),
	}
}
