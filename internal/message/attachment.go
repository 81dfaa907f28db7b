package message

import "strings"

// HasAttachment reports whether the message has a part that a client would
// offer to save: one that is neither part of the text nor shown within it
// (RFC 8621 §4.1.4, the attachments that are not inline). The signature of a
// signed message is none: people have no use for it.
func (s *Structure) HasAttachment() bool { return s.Root.attaches("", 0) }

// attaches reports whether a part is an attachment, or has one within. parent
// is the subtype of the multipart it stands in, at a place from 0.
func (p *Part) attaches(parent string, at int) bool {
	if p.IsMultipart() && len(p.Parts) > 0 {
		for i := range p.Parts {
			if p.Parts[i].attaches(p.Subtype, i) {
				return true
			}
		}
		return false
	}
	if strings.EqualFold(parent, "signed") && at > 0 {
		return false
	}
	return !p.isBody(parent, at) && !strings.EqualFold(p.Disposition, "inline")
}

// isBody reports whether a part belongs to the text that is read: plain text,
// HTML or a picture, first in its place or without a name of its own.
func (p *Part) isBody(parent string, at int) bool {
	if strings.EqualFold(p.Disposition, "attachment") || !p.isShown() {
		return false
	}
	return at == 0 || !strings.EqualFold(parent, "related") && (!p.IsText() || p.Filename() == "")
}

// isShown reports whether clients show a part of this type themselves.
func (p *Part) isShown() bool {
	switch strings.ToLower(p.Type) {
	case "image", "audio", "video":
		return true
	case "text", "":
		return p.Subtype == "" || strings.EqualFold(p.Subtype, "plain") || strings.EqualFold(p.Subtype, "html")
	}
	return false
}
