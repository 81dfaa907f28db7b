package imapwire

// previewModifiers reads what may follow PREVIEW: a list of modifiers, of which
// LAZY is the only one (RFC 8970 §6). Where FETCH names one item alone, a list of
// its own modifiers may follow instead, which is left alone.
func (d *Decoder) previewModifiers() (lazy bool) {
	if rest := d.text[min(d.pos, len(d.text)):]; d.err != nil || !hasFold(rest, " (LAZY") {
		return false
	}
	d.SP()
	d.List(false, func() {
		if !d.acceptWord("LAZY") {
			d.Fail("a modifier of PREVIEW is not known")
		}
		lazy = true
	})
	return lazy
}
