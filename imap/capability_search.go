package imap

// Capabilities of searching, sorting and threading.
const (
	CapSort                 Capability = "SORT"
	CapSortDisplay          Capability = "SORT=DISPLAY"
	CapESort                Capability = "ESORT"
	CapThreadOrderedSubject Capability = "THREAD=ORDEREDSUBJECT"
	CapThreadReferences     Capability = "THREAD=REFERENCES"
)
