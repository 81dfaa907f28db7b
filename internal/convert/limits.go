package convert

import "time"

// Limits. They bound what one conversion may cost; a client that meets one is told
// so, and can ask for less.
const (
	// textMax is the largest text in octets. Longer ones are files and not for
	// reading.
	textMax = 8 << 20
	// imageMax is the largest image file in octets: cameras write less.
	imageMax = 32 << 20
	// pixelOctetsMax bounds the memory of a decoded image, which its header
	// tells before: 44 million pixels of a photograph, 32 million of a drawing.
	pixelOctetsMax = 128 << 20
	// sideMax is the longest side that an image can be scaled to: more than
	// the screens of phones and desks have.
	sideMax = 8192
	// scaledMax bounds the pixels of an image that is scaled.
	scaledMax = 24 << 20
	// webpMax bounds the pixels of an image that becomes WebP, whose lossless
	// form takes the most time and memory to write: 2 to 3 seconds for these.
	webpMax = 4 << 20
	// resultMax is the largest result in octets.
	resultMax = 24 << 20
	// gifMax bounds the pixels of an image that becomes GIF, for each of which
	// the nearest colour of its palette is looked for: of an animation all
	// frames together.
	gifMax = 4 << 20
	// framesMax bounds the frames of an animation that is scaled; of one with
	// more the first is taken.
	framesMax = 500
	// workTime is how long one conversion may take, and waitTime how long it
	// may wait for its turn.
	workTime = 20 * time.Second
	waitTime = 30 * time.Second
	// cacheOctetsMax and cacheEntriesMax bound the results that are kept, of all
	// sessions together, so that a part can be asked for piece by piece
	// (RFC 5259 §8.5).
	cacheOctetsMax  = 48 << 20
	cacheEntriesMax = 256
	// replacementMax is the longest unknown-character-replacement in octets.
	replacementMax = 32
	// tablesMax is how deep tables of HTML are laid out; deeper ones are read
	// as if they were not there.
	tablesMax = 40
	// listsMax is how deep lists and quotes are indented.
	listsMax = 20
	// linksMax bounds the links that a text tells at its end.
	linksMax = 1000
)

// jpegQuality is where enlarging it shows no difference any more on a photograph.
const jpegQuality = 88

// lineWidth is where the lines of text made of HTML are broken (RFC 3676 §4.2).
const lineWidth = 72
