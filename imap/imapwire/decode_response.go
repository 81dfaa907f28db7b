package imapwire

import (
	"strings"

	"github.com/restante/restante/imap"
)

// DecodeResponse reads one response of a server, as its fragments hold it. What
// is not known becomes an OtherResponse, which a client ignores (RFC 9051 §2.2.2).
// Spaces too many, which the RFCs' own examples have, are forgiven.
func DecodeResponse(d *Decoder) (imap.Response, error) {
	d.loose = true
	d.TakeFault()
	response := d.response()
	if d.err != nil {
		return nil, d.err
	}
	return response, nil
}

func (d *Decoder) response() imap.Response {
	if d.accept('+') {
		d.accept(' ')
		return imap.ContinuationResponse{Text: d.restOfLine()}
	}
	tag := "*"
	if !d.accept('*') {
		tag = d.Tag()
	}
	d.SP()
	if tag == "*" && isDigit(d.peek()) {
		return d.numberedResponse()
	}
	word := d.word()
	for _, status := range [...]imap.Status{
		imap.StatusOK, imap.StatusNo, imap.StatusBad, imap.StatusBye, imap.StatusPreAuth,
	} {
		if word == string(status) {
			return d.statusResponse(tag, status)
		}
	}
	if tag != "*" {
		d.Fail("a tagged response is OK, NO or BAD")
		return nil
	}
	return d.dataResponse(word)
}

// responseRows are the untagged responses that begin with a word, one row each.
var responseRows = map[string]func(*Decoder) imap.Response{
	"CAPABILITY": func(d *Decoder) imap.Response {
		return imap.CapabilityResponse{Capabilities: d.capabilities()}
	},
	"ENABLED": func(d *Decoder) imap.Response {
		return imap.EnabledResponse{Capabilities: d.capabilities()}
	},
	"GENURLAUTH": (*Decoder).genURLAuthResponse,
	"URLFETCH":   (*Decoder).urlFetchResponse,
	"FLAGS": func(d *Decoder) imap.Response {
		d.SP()
		return imap.FlagsResponse{Flags: d.FlagList()}
	},
	"ID": func(d *Decoder) imap.Response {
		d.SP()
		return imap.IDResponse{Fields: d.idFields()}
	},
	"LIST":       func(d *Decoder) imap.Response { return imap.ListResponse{Data: d.listData()} },
	"LSUB":       func(d *Decoder) imap.Response { return imap.ListResponse{Lsub: true, Data: d.listData()} },
	"STATUS":     func(d *Decoder) imap.Response { return imap.MailboxStatusResponse{Data: d.statusData()} },
	"NAMESPACE":  func(d *Decoder) imap.Response { return imap.NamespaceResponse{Data: d.namespaceData()} },
	"ESEARCH":    func(d *Decoder) imap.Response { return imap.ESearchResponse{Data: d.esearchData()} },
	"SEARCH":     func(d *Decoder) imap.Response { return d.searchResponse() },
	"COMPARATOR": func(d *Decoder) imap.Response { return d.comparatorResponse() },
	"LANGUAGE":   func(d *Decoder) imap.Response { return d.languageResponse() },
	"SORT":       func(d *Decoder) imap.Response { return d.sortResponse() },
	"THREAD":     func(d *Decoder) imap.Response { return d.threadResponse() },
	"ACL":        func(d *Decoder) imap.Response { return imap.ACLResponse{Data: d.aclData()} },
	"LISTRIGHTS": func(d *Decoder) imap.Response { return imap.ListRightsResponse{Data: d.listRightsData()} },
	"MYRIGHTS":   func(d *Decoder) imap.Response { return imap.MyRightsResponse{Data: d.myRightsData()} },
	"QUOTA":      func(d *Decoder) imap.Response { return imap.QuotaResponse{Data: d.quotaData()} },
	"QUOTAROOT":  func(d *Decoder) imap.Response { return imap.QuotaRootResponse{Data: d.quotaRootData()} },
	"CONVERSION": func(d *Decoder) imap.Response { return d.conversionResponse() },
	"METADATA":   func(d *Decoder) imap.Response { return imap.MetadataResponse{Data: d.metadataData()} },
	"VANISHED":   func(d *Decoder) imap.Response { return d.vanished() },
}

func (d *Decoder) dataResponse(word string) imap.Response {
	row, known := responseRows[word]
	if !known || d.err != nil {
		d.accept(' ')
		return imap.OtherResponse{Word: word, Text: d.restOfLine()}
	}
	response := row(d)
	d.endResponse()
	return response
}

// numberedResponse reads what follows "* " when it begins with a number.
func (d *Decoder) numberedResponse() imap.Response {
	n := d.Number()
	d.SP()
	var response imap.Response
	switch word := d.word(); word {
	case "EXISTS":
		response = imap.ExistsResponse{Count: n}
	case "RECENT":
		response = imap.RecentResponse{Count: n}
	case "EXPUNGE":
		response = imap.ExpungeResponse{Seq: imap.Seq(n)}
	case "FETCH":
		d.SP()
		response = imap.FetchResponse{Seq: imap.Seq(n), Values: d.fetchValues()}
	case "UIDFETCH":
		d.SP()
		response = imap.UIDFetchResponse{UID: imap.UID(n), Values: d.fetchValues()}
	case "CONVERTED":
		response = d.convertedResponse(n)
	default:
		d.accept(' ')
		return imap.OtherResponse{HasNumber: true, Number: n, Word: word, Text: d.restOfLine()}
	}
	d.endResponse()
	return response
}

// endResponse checks that a response ends here. Spaces before the end are
// forgiven: some servers send them.
func (d *Decoder) endResponse() {
	for d.accept(' ') {
	}
	_ = d.End()
}

func (d *Decoder) statusResponse(tag string, status imap.Status) imap.Response {
	r := imap.StatusResponse{Tag: tag, Status: status}
	if d.err == nil && d.pos < len(d.text) {
		d.expect(' ', "a space is missing") // one: text that follows more is no code
	}
	if d.peek() == '[' {
		r.Code = d.bracketedCode()
	}
	r.Text = strings.TrimLeft(d.restOfLine(), " ")
	return r
}

// restOfLine takes what is left of the current line as UTF-8.
func (d *Decoder) restOfLine() string {
	if d.err != nil {
		return ""
	}
	text := string(d.text[d.pos:])
	d.pos = len(d.text)
	return strings.ToValidUTF8(text, "\uFFFD")
}

func (d *Decoder) capabilities() []imap.Capability {
	capabilities := []imap.Capability{}
	for d.More() {
		if c := d.peek(); c == 0 || c == ' ' { // a space too many at the end
			break
		}
		capabilities = append(capabilities, imap.Capability(d.Atom()))
	}
	return capabilities
}

func (d *Decoder) vanished() imap.Response {
	var r imap.VanishedResponse
	d.SP()
	if d.accept('(') {
		r.Earlier = d.acceptWord("EARLIER")
		if !r.Earlier {
			d.Fail("VANISHED has (EARLIER) or nothing")
		}
		d.expect(')', "a closing parenthesis is missing")
		d.SP()
	}
	r.UIDs = decodeSet[imap.UID](d, false)
	return r
}

// skipValue skips a tagged-ext-val or anything else made of atoms, strings and
// lists (RFC 9051 §9, tagged-ext-val).
func (d *Decoder) skipValue() {
	switch {
	case d.accept('('):
		d.listRest(true, d.skipValue)
	case d.peek() == '"' || d.atLiteral():
		d.stringBytes("")
	default:
		d.run(charAString|charList, "a value is missing")
	}
}
