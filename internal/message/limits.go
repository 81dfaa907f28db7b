package message

// Limits of the parser. A message beyond one of them is still stored and
// described: the rest of it is an opaque leaf, or a text that is cut.
// They bound the memory of a Structure and the depth of recursion, not what
// may be delivered, so they are constants of the format and not configuration.
const (
	// depthMax bounds nesting of multiparts and embedded messages. Mail
	// that was forwarded dozens of times stays below it.
	depthMax = 100
	// partsMax bounds the parts of one message. Digests of mailing lists
	// reach hundreds.
	partsMax = 10_000
	// headerMax is how many octets of one header are read for fields; the
	// rest is only searched for the end of the header.
	headerMax = 1 << 20
	// fieldMax is how many octets of one field are kept.
	fieldMax = 64 << 10
	// headersMax is how many octets of fields a whole message may contribute
	// to its structure.
	headersMax = 4 << 20
	// addressesMax bounds the addresses of one envelope field. Circulars
	// list a few thousand.
	addressesMax = 10_000
	// paramsMax bounds the parameters of one field.
	paramsMax = 100
	// referencesMax bounds the ids kept of References: the first, which
	// names the thread, and the newest.
	referencesMax = 200
	// wordScanMax is how far the end of an encoded-word or a domain-literal
	// is looked for, so that many beginnings do not make many long searches.
	wordScanMax = 256
	// routeMax is how far the end of a source route is looked for.
	routeMax = 1000
	// wordMax is the longest encoded-word that is decoded. Some senders put
	// a whole subject into one.
	wordMax = 2000
	// boundaryMax is the longest boundary looked for. RFC 2046 §5.1.1
	// allows 70; longer ones are seen.
	boundaryMax = 1000
	// windowSize is how much of a large message is in memory at once.
	windowSize = 64 << 10
	// previewMax is the length of a preview in characters (RFC 8970 §3.1).
	previewMax = 200
	// previewScanMax is how many octets of text a preview is looked for in.
	previewScanMax = 32 << 10
)
