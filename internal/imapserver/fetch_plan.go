package imapserver

import (
	"github.com/restante/restante/imap"
)

// needs says what of a message must be at hand to answer an item.
type needs uint8

// Each item needs the marks: UID, modification sequence and flags.
const (
	needsMeta needs = 1 << iota
	needsStructure
	needsOctets
	needsAnnotations
)

// fetchRow is what an item of FETCH is to the server.
type fetchRow struct {
	needs needs
	seen  bool // answering it sets \Seen, unless it says PEEK
	write func(f *fetching, item *imap.FetchItem)
}

// fetchRows are the items of FETCH, by kind (RFC 9051 §6.4.5, RFC 3501
// §6.4.5, RFC 7162 §3.1.4.2).
func fetchRows() map[imap.FetchKind]fetchRow {
	return map[imap.FetchKind]fetchRow{
		imap.FetchUID:           {write: (*fetching).writeUID},
		imap.FetchFlags:         {write: (*fetching).writeFlags},
		imap.FetchModSeq:        {write: (*fetching).writeModSeq},
		imap.FetchInternalDate:  {needs: needsMeta, write: (*fetching).writeInternalDate},
		imap.FetchSaveDate:      {needs: needsMeta, write: (*fetching).writeSaveDate},
		imap.FetchSize:          {needs: needsMeta, write: (*fetching).writeSize},
		imap.FetchEmailID:       {needs: needsMeta, write: (*fetching).writeEmailID},
		imap.FetchThreadID:      {needs: needsMeta, write: (*fetching).writeThreadID},
		imap.FetchPreview:       {needs: needsOctets | needsStructure, write: (*fetching).writePreview},
		imap.FetchAnnotations:   {needs: needsAnnotations, write: (*fetching).writeAnnotations},
		imap.FetchEnvelope:      {needs: needsStructure, write: (*fetching).writeEnvelope},
		imap.FetchBody:          {needs: needsStructure, write: (*fetching).writeBody},
		imap.FetchBodyStructure: {needs: needsStructure, write: (*fetching).writeBodyStructure},
		imap.FetchSection:       {needs: needsOctets, seen: true, write: (*fetching).writeSection},
		imap.FetchBinary:        {needs: needsOctets | needsStructure, seen: true, write: (*fetching).writeBinary},
		imap.FetchBinarySize:    {needs: needsOctets | needsStructure, write: (*fetching).writeBinarySize},
		imap.FetchRFC822:        {needs: needsOctets, seen: true, write: (*fetching).writeSection},
		imap.FetchRFC822Header:  {needs: needsOctets, write: (*fetching).writeSection},
		imap.FetchRFC822Text:    {needs: needsOctets, seen: true, write: (*fetching).writeSection},
	}
}

// fetchPlan is a FETCH compiled: what to write of each message, and what all
// of that together needs.
type fetchPlan struct {
	steps  []fetchStep
	needs  needs
	seen   bool
	flags  bool // FLAGS is among the items
	uid    bool
	modSeq bool
	binary []imap.FetchItem // those that an unknown encoding makes fail
}

type fetchStep struct {
	item  imap.FetchItem
	write func(f *fetching, item *imap.FetchItem)
}

// compileFetch makes the plan of some items. An item given twice is answered
// once.
func compileFetch(items []imap.FetchItem) *fetchPlan {
	plan := new(fetchPlan)
	rows := fetchRows()
	for _, item := range items {
		row := rows[item.Kind]
		switch item.Kind {
		case imap.FetchUID:
			if plan.uid {
				continue
			}
			plan.uid = true
		case imap.FetchFlags:
			if plan.flags {
				continue
			}
			plan.flags = true
		case imap.FetchModSeq:
			if plan.modSeq {
				continue
			}
			plan.modSeq = true
		case imap.FetchBinary, imap.FetchBinarySize:
			plan.binary = append(plan.binary, item)
		}
		plan.steps = append(plan.steps, fetchStep{normalItem(item), row.write})
		plan.needs |= row.needs
		plan.seen = plan.seen || row.seen && !item.Peek
		if row.needs&needsOctets != 0 && !isWholeMessage(item) {
			plan.needs |= needsStructure
		}
	}
	return plan
}

// marksOnly reports whether the marks are all that the plan needs.
func (p *fetchPlan) marksOnly() bool { return p.needs == 0 }

// normalItem gives IMAP4rev1's items the section they stand for; they keep
// their names (RFC 3501 §6.4.5).
func normalItem(item imap.FetchItem) imap.FetchItem {
	switch item.Kind {
	case imap.FetchRFC822Header:
		item.Section.Text = imap.SectionHeader
	case imap.FetchRFC822Text:
		item.Section.Text = imap.SectionBody
	}
	return item
}

// isWholeMessage reports whether an item asks for all octets of a message, for
// which nobody needs to know how they are made up.
func isWholeMessage(item imap.FetchItem) bool {
	item = normalItem(item)
	return item.Kind != imap.FetchBinary && item.Kind != imap.FetchBinarySize &&
		len(item.Section.Part) == 0 && item.Section.Text == imap.SectionWhole
}
