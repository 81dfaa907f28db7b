package imapwire

import (
	"bytes"
	"strings"

	"github.com/restante/restante/imap"
)

// DecodeGetMetadata reads the arguments of GETMETADATA. The options stand before
// the mailbox in the grammar of RFC 5464 §5 and behind it in its examples
// (§4.2.1), which also name several entries without parentheses (§4.4.1): all of
// these are read.
func DecodeGetMetadata(d *Decoder) (imap.GetMetadataRequest, error) {
	var r imap.GetMetadataRequest
	d.SP()
	if d.peek() == '(' {
		d.metadataOptions(&r)
		d.SP()
	}
	r.Mailbox = d.Mailbox()
	d.SP()
	if d.peek() == '(' && d.pos+1 < len(d.text) && charClass[d.text[d.pos+1]]&charAtom != 0 && d.text[d.pos+1] != '/' {
		d.metadataOptions(&r)
		d.SP()
	}
	if d.peek() == '(' {
		d.List(false, func() { r.Entries = append(r.Entries, d.metadataEntry()) })
		return r, d.End()
	}
	d.several("entries in a command", func() { r.Entries = append(r.Entries, d.metadataEntry()) })
	return r, d.End()
}

func (d *Decoder) metadataOptions(r *imap.GetMetadataRequest) {
	var maxSize, depth bool
	d.List(false, func() {
		switch word := d.word(); {
		case word == "MAXSIZE" && !maxSize && !r.HasMaxSize:
			d.SP()
			maxSize, r.HasMaxSize, r.MaxSize = true, true, d.Number()
		case word == "DEPTH" && !depth:
			d.SP()
			depth, r.Depth = true, d.metadataDepth()
		default:
			d.Fail("an option of GETMETADATA is not known or is given twice")
		}
	})
}

func (d *Decoder) metadataDepth() imap.MetadataDepth {
	word := d.word()
	for depth := range imap.MetadataDepths {
		if strings.EqualFold(word, depth.String()) {
			return depth
		}
	}
	d.Fail("a depth is 0, 1 or infinity")
	return 0
}

// metadataEntry reads the name of an entry (RFC 5464 §3.2).
func (d *Decoder) metadataEntry() string {
	name := d.AString()
	switch {
	case d.err != nil:
	case len(name) > entryNameMax:
		d.failLimit("octets in the name of an entry", entryNameMax)
	case !isPath(name):
		d.Fail("the name of an entry consists of components behind slashes")
	case strings.IndexFunc(name, func(r rune) bool { return r <= 0x19 || r >= 0x7f || r == '*' || r == '%' }) >= 0:
		d.Fail("the name of an entry holds a character that none may hold")
	default:
		if _, _, known := imap.SplitMetadataEntry(name); !known {
			d.Fail("the name of an entry begins with /private or /shared")
		}
	}
	return name
}

// isPath reports whether a name is made of components that are not empty.
func isPath(name string) bool {
	return len(name) > 1 && name[0] == '/' && !strings.Contains(name, "//") && !strings.HasSuffix(name, "/")
}

// DecodeSetMetadata reads the arguments of SETMETADATA (RFC 5464 §5).
func DecodeSetMetadata(d *Decoder) (imap.SetMetadataRequest, error) {
	var r imap.SetMetadataRequest
	d.SP()
	r.Mailbox = d.Mailbox()
	d.SP()
	d.List(false, func() {
		value := imap.MetadataValue{Entry: d.metadataEntry()}
		if d.err == nil && !isWholeEntry(r.Mailbox, value.Entry) {
			d.Fail("the name of an entry has too few or too many components")
		}
		d.SP()
		value.Value = d.content()
		r.Values = append(r.Values, value)
	})
	return r, d.End()
}

// isWholeEntry reports whether a name has as many components as an entry needs:
// two, below a vendor four (RFC 5464 §3.2), and the name of a filter is one
// component that may be an atom (RFC 5466 §4).
func isWholeEntry(mailbox, name string) bool {
	_, rest, _ := imap.SplitMetadataEntry(name)
	components := strings.Split(rest, "/")
	switch {
	case rest == "", rest == "/vendor", strings.HasPrefix(rest, "/vendor/") && len(components) < 4:
		return false
	case mailbox == "" && strings.HasPrefix(rest, "/filters/values/"), mailbox == "" && strings.HasPrefix(rest, "/filters/descriptions/"):
		return len(components) == 4 && isFilterName(components[3])
	}
	return true
}

// isFilterName reports whether a name is a filter's (RFC 5466 §4, filter-name).
func isFilterName(name string) bool {
	for i := range len(name) {
		if charClass[name[i]]&charAtom == 0 || name[i] == '/' {
			return false
		}
	}
	return name != ""
}

// searchFilter reads the name of a filter.
func searchFilter(d *Decoder) imap.SearchKey {
	d.SP()
	name := d.Atom()
	if d.err == nil && !isFilterName(name) {
		d.Fail("the name of a filter holds a slash")
	}
	return imap.SearchFilter{Name: name}
}

// DecodeSearchCriteria reads the keys of a search that stand alone, as a filter
// holds them (RFC 5466 §4, search-criteria).
func DecodeSearchCriteria(criteria []byte, limits Limits) (imap.SearchKey, error) {
	frags, err := FragmentsOf(append(bytes.Clone(criteria), "\r\n"...), limits)
	if err != nil {
		return nil, err
	}
	d := NewDecoder(frags, Mode{UTF8: true}, limits)
	d.TakeFault()
	key := d.searchProgram()
	return key, d.End()
}

// CheckServerEntry says what is wrong with an entry of the server and its value,
// as a SETMETADATA would bring them; nil is no value.
func CheckServerEntry(value imap.MetadataValue, limits Limits) error {
	var line bytes.Buffer
	e := NewEncoder(&line)
	e.SetMode(Mode{UTF8: true})
	e.SetCommandLiterals(1<<62, nil)
	e.BeginCommand("t", "SETMETADATA")
	EncodeSetMetadata(e, imap.SetMetadataRequest{Values: []imap.MetadataValue{value}})
	e.CRLF()
	if err := e.Flush(); err != nil {
		return err
	}
	frags, err := FragmentsOf(line.Bytes(), limits)
	if err != nil {
		return err
	}
	d := NewDecoder(frags, Mode{UTF8: true}, limits)
	d.Tag()
	d.Command()
	if _, err := DecodeSetMetadata(d); err != nil {
		return err
	}
	if _, rest, _ := imap.SplitMetadataEntry(value.Entry); value.Value != nil && strings.HasPrefix(rest, "/filters/values/") {
		_, err = DecodeSearchCriteria(value.Value, limits)
	}
	return err
}

// EncodeGetMetadata writes the arguments of GETMETADATA.
func EncodeGetMetadata(e *Encoder, r imap.GetMetadataRequest) {
	e.SP()
	if r.HasMaxSize || r.Depth != imap.DepthZero {
		e.octet('(')
		if r.HasMaxSize {
			e.Raw("MAXSIZE ").Number(uint64(r.MaxSize))
		}
		if r.HasMaxSize && r.Depth != imap.DepthZero {
			e.SP()
		}
		if r.Depth != imap.DepthZero {
			e.Raw("DEPTH ").Raw(r.Depth.String())
		}
		e.Raw(") ")
	}
	e.Mailbox(r.Mailbox).SP().entryNames(r.Entries)
}

// entryNames writes names of entries as a list.
func (e *Encoder) entryNames(names []string) *Encoder {
	for i, name := range names {
		e.octet("( "[min(i, 1)]).AString(name)
	}
	return e.octet(')')
}

// EncodeSetMetadata writes the arguments of SETMETADATA.
func EncodeSetMetadata(e *Encoder, r imap.SetMetadataRequest) {
	e.SP().Mailbox(r.Mailbox).SP().metadataValues(r.Values)
}

func (e *Encoder) metadataValues(values []imap.MetadataValue) {
	for i, value := range values {
		e.octet("( "[min(i, 1)]).AString(value.Entry).SP().value(value.Value)
	}
	e.octet(')')
}

// value writes octets as a string if they can be one, else as a literal or, with
// NUL in them, as a literal8; nil is NIL (RFC 5464 §5, value).
func (e *Encoder) value(octets []byte) *Encoder {
	if octets == nil {
		return e.Raw("NIL")
	}
	if bytes.IndexByte(octets, 0) >= 0 {
		return e.Literal8(octets)
	}
	return e.String(string(octets))
}

// listMetadata writes METADATA as the last return option of LIST.
func (e *Encoder) listMetadata(r imap.ListReturn) {
	if r.Subscribed || r.Children || r.SpecialUse || r.MyRights || r.Status != nil {
		e.SP()
	}
	e.Raw("METADATA ").entryNames(r.Metadata)
}

// Metadata writes METADATA with values, or with the entries that have changed
// (RFC 5464 §4.4).
func (e *Encoder) Metadata(data *imap.MetadataData) {
	e.Raw("* METADATA ").Mailbox(data.Mailbox)
	if data.Values != nil {
		e.SP().metadataValues(data.Values)
	}
	for _, name := range data.Entries {
		e.SP().AString(name)
	}
	e.CRLF()
}

// metadataData reads what follows METADATA. What a server says of entries is
// taken as it is.
func (d *Decoder) metadataData() imap.MetadataData {
	var data imap.MetadataData
	d.SP()
	data.Mailbox = d.Mailbox()
	d.SP()
	if d.peek() == '(' {
		d.List(false, func() {
			value := imap.MetadataValue{Entry: d.AString()}
			d.SP()
			value.Value = d.content()
			data.Values = append(data.Values, value)
		})
		return data
	}
	d.several("entries in a response", func() { data.Entries = append(data.Entries, d.AString()) })
	return data
}

var metadataCodes = map[imap.CodeMetadataKind]string{
	imap.MetadataLongEntries: "LONGENTRIES", imap.MetadataMaxSize: "MAXSIZE",
	imap.MetadataTooMany: "TOOMANY", imap.MetadataNoPrivate: "NOPRIVATE",
}

func (d *Decoder) codeMetadata() imap.Code {
	var code imap.CodeMetadata
	d.SP()
	word := d.word()
	for kind, name := range metadataCodes {
		if word == name {
			code.Kind = kind
		}
	}
	switch code.Kind {
	case 0:
		d.Fail("a METADATA code is not known")
	case imap.MetadataLongEntries, imap.MetadataMaxSize:
		d.SP()
		code.Octets = d.Number()
	}
	return code
}

func (e *Encoder) codeMetadata(c imap.CodeMetadata) {
	e.SP().Raw(metadataCodes[c.Kind])
	if c.Kind == imap.MetadataLongEntries || c.Kind == imap.MetadataMaxSize {
		e.SP().Number(uint64(c.Octets))
	}
}

func (d *Decoder) codeUndefinedFilter() imap.Code {
	d.SP()
	return imap.CodeUndefinedFilter{Filter: d.Atom()}
}
