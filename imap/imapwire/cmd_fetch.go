package imapwire

import "github.com/restante/restante/imap"

// DecodeFetch reads the arguments of FETCH and UID FETCH with their modifiers
// (RFC 9051 §6.4.5, RFC 7162 §7). A macro comes as the items it stands for.
func DecodeFetch(d *Decoder, byUID bool) (imap.FetchRequest, error) {
	var r imap.FetchRequest
	d.SP()
	r.Messages = d.Messages(byUID)
	d.SP()
	if d.peek() == '(' {
		d.List(false, func() { r.Items = append(r.Items, d.fetchItem()) })
	} else if r.Items = d.fetchMacro(); r.Items == nil {
		r.Items = []imap.FetchItem{d.fetchItem()}
	}
	if d.More() {
		d.List(false, func() { d.fetchModifier(&r) })
	}
	if r.Vanished && (r.ChangedSince == 0 || !byUID) {
		d.Fail("VANISHED needs UID FETCH and CHANGEDSINCE") // RFC 7162 §3.2.6
	}
	if !r.Partial.IsZero() && !byUID {
		d.Fail("PARTIAL needs UID FETCH") // RFC 9394 §3.3
	}
	return r, d.End()
}

func (d *Decoder) fetchMacro() []imap.FetchItem {
	for _, name := range [...]string{"ALL", "FAST", "FULL"} {
		if d.acceptWord(name) {
			return imap.FetchMacro(name)
		}
	}
	return nil
}

func (d *Decoder) fetchModifier(r *imap.FetchRequest) {
	switch d.word() {
	case "CHANGEDSINCE":
		d.SP()
		r.ChangedSince = d.ModSeq()
	case "PARTIAL":
		if !r.Partial.IsZero() {
			d.Fail("PARTIAL is given twice")
		}
		d.SP()
		r.Partial = d.resultRange()
	case "VANISHED":
		r.Vanished = true
	default:
		d.Fail("a modifier of FETCH is not known")
	}
}

// fetchRow tells how an item is written: its word, and what of brackets, ".PEEK"
// and <partial> goes with it.
type fetchRow struct {
	word    string
	kind    imap.FetchKind
	peek    bool
	section fetchBrackets
}

type fetchBrackets uint8

const (
	bracketsNone       fetchBrackets = iota
	bracketsOptional                 // BODY or BODY[…]
	bracketsSection                  // BODY.PEEK[…]
	bracketsPart                     // BINARY[1.2]<0.5>
	bracketsPartOnly                 // BINARY.SIZE[1.2]
	bracketsPreview                  // PREVIEW or PREVIEW (LAZY)
	bracketsAnnotation               // ANNOTATION (entries attributes)
)

// fetchRows are the items of FETCH, one row each (RFC 9051 §9, fetch-att;
// RFC 3501 §9; RFC 7162 §7; RFC 8514 §5).
var fetchRows = [...]fetchRow{
	{word: "UID", kind: imap.FetchUID},
	{word: "FLAGS", kind: imap.FetchFlags},
	{word: "INTERNALDATE", kind: imap.FetchInternalDate},
	{word: "RFC822.SIZE", kind: imap.FetchSize},
	{word: "ENVELOPE", kind: imap.FetchEnvelope},
	{word: "BODY", kind: imap.FetchBody, section: bracketsOptional},
	{word: "BODY.PEEK", kind: imap.FetchSection, peek: true, section: bracketsSection},
	{word: "BODYSTRUCTURE", kind: imap.FetchBodyStructure},
	{word: "BINARY", kind: imap.FetchBinary, section: bracketsPart},
	{word: "BINARY.PEEK", kind: imap.FetchBinary, peek: true, section: bracketsPart},
	{word: "BINARY.SIZE", kind: imap.FetchBinarySize, section: bracketsPartOnly},
	{word: "MODSEQ", kind: imap.FetchModSeq},
	{word: "SAVEDATE", kind: imap.FetchSaveDate},
	{word: "EMAILID", kind: imap.FetchEmailID},
	{word: "THREADID", kind: imap.FetchThreadID},
	{word: "PREVIEW", kind: imap.FetchPreview, section: bracketsPreview},
	{word: "ANNOTATION", kind: imap.FetchAnnotations, section: bracketsAnnotation},
	{word: "RFC822", kind: imap.FetchRFC822},
	{word: "RFC822.HEADER", kind: imap.FetchRFC822Header},
	{word: "RFC822.TEXT", kind: imap.FetchRFC822Text},
}

func (d *Decoder) fetchItem() imap.FetchItem {
	row := d.fetchRow()
	item := imap.FetchItem{Kind: row.kind, Peek: row.peek}
	switch row.section {
	case bracketsOptional:
		if d.peek() != '[' {
			return item
		}
		item.Kind = imap.FetchSection
		item.Section, item.Partial = d.section(), d.partial()
	case bracketsSection:
		item.Section, item.Partial = d.section(), d.partial()
	case bracketsPart:
		item.Section, item.Partial = d.sectionPart(), d.partial()
	case bracketsPartOnly:
		item.Section = d.sectionPart()
	case bracketsPreview:
		item.Lazy = d.previewModifiers()
	case bracketsAnnotation:
		item.Annotation = d.fetchAnnotation()
	}
	return item
}

// fetchRow reads an item's word. A bracket ends it, though "[" is an ATOM-CHAR.
func (d *Decoder) fetchRow() fetchRow {
	if d.err != nil {
		return fetchRow{}
	}
	end := d.pos
	for end < len(d.text) && d.text[end] != '[' && charClass[d.text[end]]&charAtom != 0 {
		end++
	}
	for _, row := range fetchRows {
		if equalFold(d.text[d.pos:end], row.word) {
			d.pos = end
			return row
		}
	}
	d.Fail("an item of FETCH is missing or not known")
	return fetchRow{}
}
