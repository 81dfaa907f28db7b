// Package deflate reads and writes streams of RFC 1951 as a conversation needs
// them (RFC 4978): whatever the peer has sent can be read at once, however it was
// flushed and wherever the network has cut it.
//
// The readers of Go's compress/flate, and of what is made after it, give out what
// they decoded when their window is full, at an empty stored block, and at the end
// of the stream. A peer that flushes by Z_PARTIAL_FLUSH or Z_BLOCK, which end in
// something else, would wait for ever. Nor can they be stopped for want of input
// and go on: their first error is their last. The Inflater here is fed, decodes as
// far as it can, and can be asked how much is there to be read.
package deflate
