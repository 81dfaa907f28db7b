package imap

// SortField is what a sort criterion compares (RFC 5256 §3, RFC 5957 §4).
type SortField uint8

// The sort criteria.
const (
	SortArrival     SortField = iota + 1 // internal date
	SortCc                               // mailbox of the first Cc address
	SortDate                             // sent date
	SortFrom                             // mailbox of the first From address
	SortSize                             // octets
	SortSubject                          // base subject
	SortTo                               // mailbox of the first To address
	SortDisplayFrom                      // name, or address, of the first From address
	SortDisplayTo                        // name, or address, of the first To address
	SortRelevancy                        // score of a FUZZY key, the highest first (RFC 6203 §6)
	SortAnnotation                       // value of an annotation (RFC 5257 §4.9)
	sortFieldEnd
)

var sortFieldNames = [sortFieldEnd]string{
	SortArrival: "ARRIVAL", SortCc: "CC", SortDate: "DATE", SortFrom: "FROM", SortSize: "SIZE",
	SortSubject: "SUBJECT", SortTo: "TO", SortDisplayFrom: "DISPLAYFROM", SortDisplayTo: "DISPLAYTO", SortRelevancy: "RELEVANCY",
	SortAnnotation: "ANNOTATION",
}

// SortFields calls yield with every field there is.
func SortFields(yield func(SortField) bool) {
	for f := SortArrival; f < sortFieldEnd && yield(f); f++ {
	}
}

// String returns the criterion's word.
func (f SortField) String() string {
	if f < sortFieldEnd {
		return sortFieldNames[f]
	}
	return ""
}

// SortKey is one sort criterion. Reverse turns the order of this criterion
// around, and not that of messages which are equal by it (RFC 5256 §3).
type SortKey struct {
	Field   SortField
	Reverse bool
	// Entry and Attribute name what SortAnnotation compares.
	Entry, Attribute string
}
