package imap

// Capabilities of searching, sorting and threading.
const (
	CapSort                 Capability = "SORT"
	CapSortDisplay          Capability = "SORT=DISPLAY"
	CapESort                Capability = "ESORT"
	CapThreadOrderedSubject Capability = "THREAD=ORDEREDSUBJECT"
	CapThreadReferences     Capability = "THREAD=REFERENCES"
	CapI18NLevel1           Capability = "I18NLEVEL=1"
	CapI18NLevel2           Capability = "I18NLEVEL=2"
	CapContextSearch        Capability = "CONTEXT=SEARCH"
	CapContextSort          Capability = "CONTEXT=SORT"
	CapMultiSearch          Capability = "MULTISEARCH"
	CapSearchFuzzy          Capability = "SEARCH=FUZZY"
)
