package imapwire

import (
	"strings"

	"github.com/restante/restante/imap"
)

// DecodeGenURLAuth reads the arguments of GENURLAUTH (RFC 4467 §9).
func DecodeGenURLAuth(d *Decoder) ([]imap.RumpURL, error) {
	var urls []imap.RumpURL
	for d.SP(); d.err == nil; d.SP() {
		if len(urls) >= urlsMax {
			d.failLimit("URLs in a command", urlsMax)
			break
		}
		rump := imap.RumpURL{URL: d.AString()}
		d.SP()
		rump.Mechanism = d.urlMechanism()
		urls = append(urls, rump)
		if d.peek() != ' ' {
			break
		}
	}
	return urls, d.End()
}

// urlMechanism reads the name of a mechanism (RFC 4467 §9).
func (d *Decoder) urlMechanism() string {
	name := d.word()
	for _, c := range []byte(name) {
		if c-'A' >= 26 && !isDigit(c) && c != '-' && c != '.' {
			d.Fail("a mechanism has letters, digits, hyphens and dots")
		}
	}
	return name
}

// EncodeGenURLAuth writes the arguments of GENURLAUTH.
func EncodeGenURLAuth(e *Encoder, urls []imap.RumpURL) {
	for _, rump := range urls {
		e.SP().AString(rump.URL).SP().Raw(rump.Mechanism)
	}
}

// DecodeResetKey reads the arguments of RESETKEY (RFC 4467 §9).
func DecodeResetKey(d *Decoder) (imap.ResetKeyRequest, error) {
	var r imap.ResetKeyRequest
	if r.All = !d.More(); r.All {
		return r, d.End()
	}
	r.Mailbox = d.Mailbox()
	for d.More() {
		if len(r.Mechanisms) >= d.limits.ItemsMax {
			d.failLimit("mechanisms in a command", d.limits.ItemsMax)
			break
		}
		r.Mechanisms = append(r.Mechanisms, d.urlMechanism())
	}
	return r, d.End()
}

// EncodeResetKey writes the arguments of RESETKEY.
func EncodeResetKey(e *Encoder, r imap.ResetKeyRequest) {
	if r.All {
		return
	}
	e.SP().Mailbox(r.Mailbox)
	for _, mechanism := range r.Mechanisms {
		e.SP().Raw(mechanism)
	}
}

// DecodeURLFetch reads the arguments of URLFETCH (RFC 4467 §9, RFC 5524 §5).
func DecodeURLFetch(d *Decoder) ([]imap.URLFetchItem, error) {
	var items []imap.URLFetchItem
	for d.SP(); d.err == nil; d.SP() {
		if len(items) >= urlsMax {
			d.failLimit("URLs in a command", urlsMax)
			break
		}
		items = append(items, d.urlFetchItem())
		if d.peek() != ' ' {
			break
		}
	}
	return items, d.End()
}

func (d *Decoder) urlFetchItem() imap.URLFetchItem {
	if !d.accept('(') {
		return imap.URLFetchItem{URL: d.AString()}
	}
	item := imap.URLFetchItem{URL: d.AString()}
	for d.More() {
		wanted := &item.Body
		switch d.word() {
		case "BODYPARTSTRUCTURE":
			wanted = &item.BodyPartStructure
		case "BODY":
		case "BINARY":
			wanted = &item.Binary
		default:
			d.Fail("a parameter of URLFETCH is not known")
		}
		if *wanted {
			d.Fail("a parameter of URLFETCH is given twice") // RFC 5524 §3.1
		}
		*wanted = true
	}
	if item.Body && item.Binary {
		d.Fail("BODY and BINARY exclude each other") // RFC 5524 §3.1
	}
	d.expect(')', "a closing parenthesis is missing")
	return item
}

// EncodeURLFetch writes the arguments of URLFETCH.
func EncodeURLFetch(e *Encoder, items []imap.URLFetchItem) {
	for _, item := range items {
		e.SP()
		if !item.IsExtended() {
			e.AString(item.URL)
			continue
		}
		e.octet('(').AString(item.URL)
		for _, w := range []word{{"BODYPARTSTRUCTURE", item.BodyPartStructure}, {"BODY", item.Body}, {"BINARY", item.Binary}} {
			if w.want {
				e.SP().Raw(w.text)
			}
		}
		e.octet(')')
	}
}

// GenURLAuth writes a GENURLAUTH response (RFC 4467 §8).
func (e *Encoder) GenURLAuth(urls []string) {
	e.Raw("* GENURLAUTH")
	for _, url := range urls {
		e.SP().AString(url)
	}
	e.CRLF()
}

// URLFetch begins a URLFETCH response with a URL (RFC 4467 §8). The caller writes a
// space, what the URL names, and the line's end.
func (e *Encoder) URLFetch(url string) *Encoder {
	return e.Raw("* URLFETCH ").AString(url)
}

func (e *Encoder) urlFetchResponse(r imap.URLFetchResponse) {
	e.Raw("* URLFETCH")
	for i := range r.Data {
		data := &r.Data[i]
		e.SP().AString(data.URL)
		if !data.Extended {
			e.SP().content(data.Text)
			continue
		}
		if data.BodyPartStructure != nil {
			e.Raw(" (BODYPARTSTRUCTURE ").BodyStructure(data.BodyPartStructure, true).octet(')')
		}
		if data.Body != nil {
			e.Raw(" (BODY ").content(*data.Body).octet(')')
		}
		if data.Binary != nil {
			e.Raw(" (BINARY ").content(*data.Binary).octet(')')
		}
	}
	e.CRLF()
}

// content writes octets or NIL.
func (e *Encoder) content(text imap.NString) *Encoder {
	if !text.Present {
		return e.Raw("NIL")
	}
	return e.LiteralOrBinary([]byte(text.Text))
}

func (d *Decoder) genURLAuthResponse() imap.Response {
	var r imap.GenURLAuthResponse
	for d.More() {
		r.URLs = append(r.URLs, d.AString())
	}
	return r
}

func (d *Decoder) urlFetchResponse() imap.Response {
	var r imap.URLFetchResponse
	for d.SP(); d.err == nil; d.SP() {
		data := imap.URLFetchData{URL: d.AString()}
		d.SP()
		if d.peek() == '(' {
			d.urlMetadata(&data)
			// Metadata that nobody knows is passed over; without any other it is
			// as if there were none.
			data.Extended = data.BodyPartStructure != nil || data.Body != nil || data.Binary != nil
		} else {
			data.Text = d.urlContent()
		}
		r.Data = append(r.Data, data)
		if d.peek() != ' ' {
			break
		}
	}
	return r
}

// urlMetadata reads the metadata of one URL (RFC 5524 §5, url-metadata).
func (d *Decoder) urlMetadata(data *imap.URLFetchData) {
	for d.accept('(') {
		word := d.word()
		d.SP()
		switch word {
		case "BODYPARTSTRUCTURE":
			data.BodyPartStructure = d.bodyStructure()
		case "BODY", "BINARY":
			content := d.urlContent()
			if word == "BODY" {
				data.Body = &content
			} else {
				data.Binary = &content
			}
		default:
			d.skipValue()
		}
		d.expect(')', "a closing parenthesis is missing")
		if d.peek() != ' ' || !strings.HasPrefix(strings.TrimLeft(string(d.text[d.pos:]), " "), "(") {
			return
		}
		d.SP()
	}
}

// urlContent reads a nstring or a literal8.
func (d *Decoder) urlContent() imap.NString {
	if d.atLiteral() {
		return imap.NString{Text: string(d.Literal8()), Present: d.err == nil}
	}
	return d.NString()
}

func (d *Decoder) codeURLMech() imap.Code {
	var code imap.CodeURLMech
	d.SP()
	if d.word() != "INTERNAL" {
		d.Fail("INTERNAL is missing")
	}
	for d.More() {
		name, data, _ := strings.Cut(d.Atom(), "=")
		code.Others = append(code.Others, imap.URLMechanism{Name: strings.ToUpper(name), Data: data})
	}
	return code
}

func (e *Encoder) codeURLMech(code imap.CodeURLMech) {
	e.Raw(" INTERNAL")
	for _, other := range code.Others {
		e.SP().Raw(other.Name)
		if other.Data != "" {
			e.Raw("=" + other.Data)
		}
	}
}
