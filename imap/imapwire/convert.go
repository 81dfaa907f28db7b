package imapwire

import "github.com/restante/restante/imap"

// Conversion writes CONVERSION (RFC 5259 §5.2).
func (e *Encoder) Conversion(c *imap.Conversion) {
	e.Raw("* CONVERSION ").String(c.From).SP().String(c.To)
	for i, name := range c.Params {
		if i == 0 {
			e.SP()
		}
		e.octet("( "[min(i, 1)]).String(name)
	}
	if len(c.Params) > 0 {
		e.octet(')')
	}
	e.CRLF()
}

// ConvertedWriter writes one CONVERTED response, item by item (RFC 5259 §8.1). It
// is a value on the stack; End must be called. At least one item must be written,
// and UID, if it is, first.
type ConvertedWriter struct {
	e    *Encoder
	some bool
}

// Converted begins a CONVERTED response to the command with the tag.
func (e *Encoder) Converted(number uint32, tag string) ConvertedWriter {
	e.Raw("* ").Number(uint64(number)).Raw(" CONVERTED (TAG ").String(tag).Raw(") (")
	return ConvertedWriter{e: e}
}

// UID writes UID.
func (w *ConvertedWriter) UID(uid imap.UID) {
	w.Item(&imap.ConvertItem{Kind: imap.ConvertUID}).Number(uint64(uid))
}

// Item writes the name under which an item is answered and a space. The caller
// writes its value to the returned encoder.
func (w *ConvertedWriter) Item(item *imap.ConvertItem) *Encoder {
	return w.item(item, !item.Partial.IsWhole())
}

func (w *ConvertedWriter) item(item *imap.ConvertItem, hasOrigin bool) *Encoder {
	if w.some {
		w.e.SP()
	}
	w.some = true
	w.e.convertItem(item)
	if hasOrigin {
		w.e.octet('<').Number(item.Partial.Offset).octet('>')
	}
	return w.e.octet(' ')
}

// Error writes what stands in place of an item that could not be answered.
func (w *ConvertedWriter) Error(item *imap.ConvertItem, fault *imap.ConvertError) {
	w.Item(item).convertError(fault)
}

// Types writes AVAILABLECONVERSIONS (RFC 5259 §10, mimetype-list).
func (w *ConvertedWriter) Types(item *imap.ConvertItem, types []string) {
	w.Item(item).mediaTypes(types)
}

// End ends the response.
func (w *ConvertedWriter) End() { w.e.octet(')').CRLF() }

func (e *Encoder) mediaTypes(types []string) {
	e.Raw("((")
	for i, text := range types {
		if i > 0 {
			e.SP()
		}
		e.String(text)
	}
	e.Raw("))")
}

// convertError writes converterror-phrase. Before the parameters that are missing
// stands a space, as before those that are bad: the grammar leaves it out there,
// and the descriptions of RFC 5259 §9 do not.
func (e *Encoder) convertError(fault *imap.ConvertError) {
	e.Raw("(ERROR ").String(e.inLanguage(fault.Text)).SP().Raw(string(fault.Code))
	if fault.Minutes > 0 {
		e.SP().Number(uint64(fault.Minutes))
	}
	for _, failed := range fault.Conversions {
		e.SP()
		if failed.From == "" {
			e.Raw("NIL")
		} else {
			e.String(failed.From)
		}
		e.SP().String(failed.To)
		if len(failed.Params) == 0 {
			continue
		}
		e.Raw(" (")
		if fault.Code == imap.ConvertMissingParameters {
			for i := range failed.Params {
				if i > 0 {
					e.SP()
				}
				e.AString(failed.Params[i].Name)
			}
		} else {
			e.convertParams(failed.Params)
		}
		e.octet(')')
	}
	e.octet(')')
}

// value writes one item of a CONVERTED response that was read.
func (w *ConvertedWriter) value(v *imap.ConvertedValue) {
	e := w.item(&v.Item, v.HasOrigin)
	switch {
	case v.Error != nil:
		e.convertError(v.Error)
	case v.Item.Kind == imap.ConvertUID, v.Item.Kind == imap.ConvertBinarySize:
		e.Number(v.Number)
	case v.Item.Kind == imap.ConvertStructure:
		e.BodyStructure(v.BodyStructure, true)
	case v.Item.Kind == imap.ConvertAvailable:
		e.mediaTypes(v.Types)
	case v.Content == nil:
		e.Raw("NIL")
	default:
		e.LiteralOrBinary(v.Content)
	}
}
