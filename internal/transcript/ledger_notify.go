package transcript

import (
	"regexp"
	"strings"
)

// notifyLedger is what a NOTIFY has changed of what may come, and when.
type notifyLedger struct {
	// atOnce says that removals may be told at any time: whoever asks for them
	// by SELECTED has no use for sequence numbers (RFC 5465 §5.3). flags says
	// that changes of flags were asked for, and metadata that those of entries were,
	// for which nobody needs ENABLE (RFC 5465 §5.6, §5.7).
	// items says that items of new messages were asked for (RFC 5465 §5.2).
	atOnce, flags, metadata, items bool
	// asked are the NOTIFY commands without a result, by tag.
	asked map[string]notifyLedger
}

var (
	removalsAtOnce = regexp.MustCompile(`\(SELECTED \([^)]*(\([^)]*\([^)]*\)[^)]*\)|\([^)]*\))?[^)]*\bMESSAGEEXPUNGE\b`)
	flagsSelected  = regexp.MustCompile(`\(SELECTED(-DELAYED)? \(.*\bFLAGCHANGE\b`)
	itemsSelected  = regexp.MustCompile(`\(SELECTED(-DELAYED)? \(.*\bMESSAGENEW \(`)
)

// sent takes note of a NOTIFY.
func (n *notifyLedger) sent(tag, text string) {
	text = strings.ToUpper(text)
	if !strings.HasPrefix(text, "NOTIFY ") {
		return
	}
	if n.asked == nil {
		n.asked = map[string]notifyLedger{}
	}
	n.asked[tag] = notifyLedger{atOnce: removalsAtOnce.MatchString(text), flags: flagsSelected.MatchString(text), metadata: strings.Contains(text, "METADATACHANGE"), items: itemsSelected.MatchString(text)}
	// The implicit NOOP may tell of changes before the result comes.
	n.atOnce = n.atOnce || n.asked[tag].atOnce
}

// took takes note that a NOTIFY is in effect.
func (n *notifyLedger) took(tag string) {
	now := n.asked[tag]
	delete(n.asked, tag)
	n.atOnce, n.flags, n.metadata, n.items = now.atOnce, now.flags, now.metadata, now.items
}
