package mail

// Limits of the domain. They keep one account from making every read dear.
const (
	// mailboxNameMax is the longest name in octets of UTF-8. Other servers
	// stop at 255 to 1,000; an import must be able to bring any of them.
	mailboxNameMax = 1000
	// mailboxDepthMax is the deepest hierarchy; a LIST with RECURSIVEMATCH
	// climbs at most this far.
	mailboxDepthMax = 64
	// keywordMax is how many different keywords one mailbox can hold; every
	// FLAGS response lists them all.
	keywordMax = 1000
	// uidMax leaves room below 2^32 so that UIDNEXT itself can be written.
	uidMax = 1<<32 - 2
	// watchMax is how many changes wait for one session before it must
	// compare its view with the store instead.
	watchMax = 256
)
