package imap

import "strconv"

// SearchReturn are the result options of SEARCH (RFC 9051 §6.4.4).
type SearchReturn struct {
	Min, Max, All, Count bool
	// Save keeps the result for "$" (RFC 9051 §6.4.4.1).
	Save bool
	// Partial asks for a part of the result; the zero value does not
	// (RFC 9394 §3.1). All and Partial exclude each other.
	Partial ResultRange
	// Context says that the result will be asked for again, and Update that
	// its changes are to be told (RFC 5267 §4.2, §4.3).
	Context, Update bool
	// Relevancy asks for the scores of what was found by a FUZZY key
	// (RFC 6203 §4).
	Relevancy bool
}

// ResultRange names a part of a result by the places in it, from 1 on. First
// may be larger than Last (RFC 9394 §4).
type ResultRange struct {
	First, Last uint32
	// FromEnd counts from the newest result: -1 is the last.
	FromEnd bool
}

// IsZero reports whether no range was given.
func (r ResultRange) IsZero() bool { return r == ResultRange{} }

// Places returns the first place of the range and the one behind its last, from
// zero on, in a result of so many; both are equal if there is none.
func (r ResultRange) Places(count int) (from, to int) {
	low, high := int64(min(r.First, r.Last)), int64(max(r.First, r.Last))
	if low == 0 {
		return 0, 0
	}
	length := int64(count)
	if r.FromEnd {
		low, high = length-high+1, length-low+1
	}
	low, high = max(low, 1), min(high, length)
	if low > high {
		return 0, 0
	}
	return int(low - 1), int(high)
}

// AppendText appends the range as the grammar writes it.
func (r ResultRange) AppendText(b []byte) []byte {
	sign := ""
	if r.FromEnd {
		sign = "-"
	}
	b = strconv.AppendUint(append(b, sign...), uint64(r.First), 10)
	return strconv.AppendUint(append(append(b, ':'), sign...), uint64(r.Last), 10)
}

// String returns the range as the grammar writes it.
func (r ResultRange) String() string { return string(r.AppendText(nil)) }

// SearchRequest is the argument of SEARCH and UID SEARCH.
type SearchRequest struct {
	// Tag is the command's tag, which an ESEARCH response repeats.
	Tag   string
	ByUID bool
	// Extended says that RETURN was given, even as RETURN (), which means
	// RETURN (ALL). Without it a rev1 session is answered by SEARCH and not
	// by ESEARCH (RFC 4731 §3.1).
	Extended bool
	Return   SearchReturn
	// UpdateItems are to be sent of each message that comes to a result with
	// UPDATE because it is new (RFC 5465 §7).
	UpdateItems []FetchItem
	// Sources are the mailboxes that ESEARCH searches; nil is the selected one,
	// and the command is another (RFC 7377 §2.2).
	Sources []SearchSource
	// Sort is the order that SORT wants; SEARCH has none (RFC 5256 §3).
	Sort []SortKey
	// Charset is the CHARSET argument as given, "" for none. Strings of
	// the keys are still in that charset.
	Charset string
	// Key is the whole program: a SearchAnd if there is more than one key.
	Key SearchKey
}

// SearchKey is a node of a search program (RFC 9051 §6.4.4). The set of its
// types is closed: they are those of this file.
type SearchKey interface{ searchKey() }

type (
	// SearchAll matches every message.
	SearchAll struct{}
	// SearchAnd matches what all its keys match.
	SearchAnd struct{ Keys []SearchKey }
	// SearchOr matches what either key matches.
	SearchOr struct{ Left, Right SearchKey }
	// SearchNot matches what its key does not match.
	SearchNot struct{ Key SearchKey }
	// SearchFuzzy matches what the server takes its key to mean (RFC 6203 §3).
	SearchFuzzy struct{ Key SearchKey }
	// SearchSeqs matches the messages with these sequence numbers.
	SearchSeqs struct{ Set SeqSet }
	// SearchUIDs matches the messages with these unique identifiers.
	SearchUIDs struct{ Set UIDSet }
	// SearchSaved matches the saved result "$" (RFC 9051 §6.4.4.1).
	SearchSaved struct{}
	// SearchFlag matches messages that have the flag, or, if Absent, those
	// that do not. RECENT and OLD name \Recent; NEW is read as RECENT
	// UNSEEN (RFC 3501 §6.4.4).
	SearchFlag struct {
		Flag   Flag
		Absent bool
	}
	// SearchText matches messages that have Value in the named place.
	SearchText struct {
		Place SearchPlace
		Value string
	}
	// SearchHeader matches messages with a header field of that name which
	// contains Value; an empty Value matches any such field.
	SearchHeader struct{ Field, Value string }
	// SearchDate compares a date of the message, without time and zone.
	SearchDate struct {
		Of   SearchDateOf
		When SearchWhen
		Date Date
	}
	// SearchWithin matches messages whose internal date is at most, or, if
	// not Younger, at least so many seconds ago (RFC 5032 §2).
	SearchWithin struct {
		Younger bool
		Seconds uint32
	}
	// SearchSaveDates matches every message of a mailbox that keeps save
	// dates: SAVEDATESUPPORTED (RFC 8514 §4.3).
	SearchSaveDates struct{}
	// SearchSize matches messages larger, or else smaller, than Octets.
	SearchSize struct {
		Larger bool
		Octets uint64
	}
	// SearchModSeq matches messages whose modification sequence is at least
	// ModSeq (RFC 7162 §3.1.5). Entry and Scope narrow it to one metadata
	// item and are both "" when not given.
	SearchModSeq struct {
		ModSeq ModSeq
		Entry  string // such as /flags/\draft
		Scope  string // "priv", "shared" or "all"
	}
)

func (SearchAll) searchKey()       {}
func (SearchAnd) searchKey()       {}
func (SearchOr) searchKey()        {}
func (SearchFuzzy) searchKey()     {}
func (SearchNot) searchKey()       {}
func (SearchSeqs) searchKey()      {}
func (SearchUIDs) searchKey()      {}
func (SearchSaved) searchKey()     {}
func (SearchFlag) searchKey()      {}
func (SearchText) searchKey()      {}
func (SearchHeader) searchKey()    {}
func (SearchDate) searchKey()      {}
func (SearchWithin) searchKey()    {}
func (SearchSaveDates) searchKey() {}
func (SearchSize) searchKey()      {}
func (SearchModSeq) searchKey()    {}

// SearchPlace is where a SearchText looks.
type SearchPlace uint8

// The places of a SearchText. Those of the envelope are its decoded fields.
const (
	InFrom SearchPlace = iota + 1
	InTo
	InCc
	InBcc
	InSubject
	InBody // BODY: the text of the message
	InText // TEXT: header or body
)

// SearchDateOf tells which date a SearchDate compares.
type SearchDateOf uint8

// The dates of a message.
const (
	DateInternal SearchDateOf = iota + 1 // INTERNALDATE
	DateSent                             // the Date header field
	DateSaved                            // the save date (RFC 8514 §3)
)

// SearchWhen is the comparison of a SearchDate.
type SearchWhen uint8

// The comparisons of a SearchDate.
const (
	DateBefore SearchWhen = iota + 1
	DateOn
	DateSince
)

// SearchUpdate takes messages out of a result, or puts them in: REMOVEFROM and
// ADDTO (RFC 5267 §4.3.3, §4.3.4).
type SearchUpdate struct {
	Remove bool
	// Position is where the first of them is, or comes to be, counted from 1;
	// 0 leaves it to the order of the mailbox.
	Position uint32
	Messages MessageSet
}

// SearchData is the content of an ESEARCH response (RFC 9051 §7.3.4), and of a
// SEARCH response, in which All and ModSeq alone have a meaning.
type SearchData struct {
	// Tag is the tag of the command that is answered, "" if none is.
	Tag   string
	ByUID bool
	// Min and Max are UIDs or sequence numbers, by ByUID; zero is none.
	Min, Max uint32
	// All holds what was found; ByUID in it is the same as above.
	All MessageSet
	// Mailbox and UIDValidity say which mailbox was searched, if several
	// may have been (RFC 7377 §2.1).
	Mailbox     string
	UIDValidity UIDValidity
	// Partial is the part that was asked for, and PartialSet what it holds:
	// nothing, if the range is beyond the result (RFC 9394 §3.1).
	Partial    ResultRange
	PartialSet MessageSet
	// Relevancy are scores from 1 to 100, in the order of All or, without it, of
	// PartialSet; nil if they were not asked for (RFC 6203 §4).
	Relevancy []uint8
	// Updates are changes of a result, to be made in this order (RFC 5267 §4.3.2).
	Updates  []SearchUpdate
	HasCount bool
	Count    uint32
	// ModSeq is the highest modification sequence of what was found; zero
	// if it was not asked for (RFC 7162 §3.1.10).
	ModSeq ModSeq
}
