package imap

import "strconv"

// UID is a message's unique identifier in its mailbox: assigned strictly
// ascending, never changed and never given twice under one UIDVALIDITY. Zero
// is not a UID (RFC 9051 §2.3.1.1).
type UID uint32

// Seq is a message sequence number: the position, from 1, that a message has
// in what one client has been told of a mailbox (RFC 9051 §2.3.1.2). It has a
// meaning only on one connection; everything behind the wire speaks UID.
type Seq uint32

// ModSeq is a modification sequence, a positive 63-bit number (RFC 7162 §3.1).
// Zero stands for "no modification sequence".
type ModSeq uint64

// ModSeqMax is the largest mod-sequence-value the grammar admits (RFC 7162 §7).
const ModSeqMax ModSeq = 1<<63 - 1

// UIDValidity is the unique identifier validity value of a mailbox
// (RFC 9051 §2.3.1.1). Zero is not a valid value.
type UIDValidity uint32

func (n UID) String() string         { return strconv.FormatUint(uint64(n), 10) }
func (n Seq) String() string         { return strconv.FormatUint(uint64(n), 10) }
func (n ModSeq) String() string      { return strconv.FormatUint(uint64(n), 10) }
func (n UIDValidity) String() string { return strconv.FormatUint(uint64(n), 10) }
