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
	// MetadataValueMax is the longest value of an entry of metadata in octets,
	// AnnotationValueMax that of an annotation: a note or an icon, and small
	// beside a message. RFC 5464 §4.1 and RFC 5257 §4.1 demand 1,024.
	MetadataValueMax   = 64 << 10
	AnnotationValueMax = 64 << 10
	// metadataEntriesMax is how many entries one user, or all together, may
	// have on a mailbox or on the server, and annotationsMax how many on a
	// message: each is read at once. The RFCs demand 10; filters need more.
	metadataEntriesMax = 250
	annotationsMax     = 50
	// metadataOctetsMax and annotationOctetsMax are how much all values of an
	// account may take together: one commit can copy all annotations, and must
	// fit into memory.
	metadataOctetsMax   = 64 << 20
	annotationOctetsMax = 64 << 20
	// accessMax is how many entries the access control list of one mailbox may
	// have: it is part of what SELECT and LIST read.
	accessMax = 500
	// watchMax is how many changes wait for one session before it must
	// compare its view with the store instead.
	watchMax = 256
)
