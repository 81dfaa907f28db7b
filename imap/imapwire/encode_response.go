package imapwire

import (
	"strings"

	"github.com/restante/restante/imap"
)

// Response writes a response as a value. A server writes its own by the methods
// for each kind; this is for tests, proxies and whoever has read one.
func (e *Encoder) Response(response imap.Response) {
	switch r := response.(type) {
	case imap.StatusResponse:
		e.Status(r.Tag, r.Status, r.Code, r.Text)
	case imap.ContinuationResponse:
		e.Continuation(r.Text)
	case imap.CapabilityResponse:
		e.Capabilities(r.Capabilities)
	case imap.EnabledResponse:
		e.Enabled(r.Capabilities)
	case imap.FlagsResponse:
		e.Flags(r.Flags)
	case imap.MailboxStatusResponse:
		e.MailboxStatus(&r.Data)
	case imap.NamespaceResponse:
		e.Namespaces(&r.Data)
	case imap.ESearchResponse:
		e.ESearch(&r.Data)
	case imap.SearchResponse:
		e.searchResponse(r)
	case imap.MetadataResponse:
		e.Metadata(&r.Data)
	case imap.IDResponse:
		e.ID(r.Fields)
	case imap.OtherResponse:
		e.Raw("* ")
		if r.HasNumber {
			e.Number(uint64(r.Number)).SP()
		}
		e.Raw(r.Word).SP().humanText(r.Text)
		if strings.HasSuffix(r.Text, "}") {
			e.SP() // so that the text is not taken for a literal
		}
		e.CRLF()
	default:
		e.mailboxResponse(response)
	}
}

// mailboxResponse writes the responses that speak of messages and names.
func (e *Encoder) mailboxResponse(response imap.Response) {
	switch r := response.(type) {
	case imap.ListResponse:
		if r.Lsub {
			e.Lsub(&r.Data)
		} else {
			e.List(&r.Data)
		}
	case imap.ExistsResponse:
		e.Exists(r.Count)
	case imap.RecentResponse:
		e.Recent(r.Count)
	case imap.LanguageResponse:
		e.Language(r.Tags)
	case imap.ComparatorResponse:
		e.Comparator(r.Active, r.Matching)
	case imap.SortResponse:
		e.Sort(r.Numbers, r.ModSeq)
	case imap.ThreadResponse:
		e.Thread(r.Nodes)
	case imap.ACLResponse:
		e.ACL(&r.Data)
	case imap.ListRightsResponse:
		e.ListRights(&r.Data)
	case imap.MyRightsResponse:
		e.MyRights(&r.Data)
	case imap.QuotaResponse:
		e.Quota(&r.Data)
	case imap.QuotaRootResponse:
		e.QuotaRoot(&r.Data)
	case imap.GenURLAuthResponse:
		e.GenURLAuth(r.URLs)
	case imap.URLFetchResponse:
		e.urlFetchResponse(r)
	case imap.ExpungeResponse:
		e.Expunge(r.Seq)
	case imap.VanishedResponse:
		e.Vanished(r.Earlier, r.UIDs)
	case imap.ConversionResponse:
		e.Conversion(&r.Conversion)
	case imap.ConvertedResponse:
		w := e.Converted(r.Number, r.Tag)
		for i := range r.Values {
			w.value(&r.Values[i])
		}
		w.End()
	case imap.FetchResponse:
		w := e.Fetch(r.Seq)
		for i := range r.Values {
			w.value(&r.Values[i])
		}
		w.End()
	case imap.UIDFetchResponse:
		w := e.UIDFetch(r.UID)
		for i := range r.Values {
			w.value(&r.Values[i])
		}
		w.End()
	}
}

func (e *Encoder) searchResponse(r imap.SearchResponse) {
	e.Raw("* SEARCH")
	for _, n := range r.Numbers {
		e.SP().Number(uint64(n))
	}
	if r.ModSeq != 0 {
		e.Raw(" (MODSEQ ").Number(uint64(r.ModSeq)).octet(')')
	}
	e.CRLF()
}

// value writes one item of a FETCH response.
func (w *FetchWriter) value(v *imap.FetchValue) {
	switch v.Item.Kind {
	case imap.FetchUID:
		w.UID(imap.UID(v.Number))
	case imap.FetchSize:
		w.Size(v.Number)
	case imap.FetchBinarySize:
		w.BinarySize(&v.Item, v.Number)
	case imap.FetchModSeq:
		w.ModSeq(imap.ModSeq(v.Number))
	case imap.FetchFlags:
		w.Flags(v.Flags)
	case imap.FetchEmailID, imap.FetchThreadID:
		w.Item(&v.Item).ObjectID(v.ObjectID)
	case imap.FetchAnnotations:
		w.Annotations(v.Annotations)
	case imap.FetchSaveDate:
		if !v.HasSaveDate {
			w.item("SAVEDATE").Raw("NIL")
			break
		}
		w.SaveDate(v.InternalDate)
	case imap.FetchInternalDate:
		w.InternalDate(v.InternalDate)
	case imap.FetchEnvelope:
		w.Envelope(v.Envelope)
	case imap.FetchBody:
		w.Body(v.BodyStructure)
	case imap.FetchBodyStructure:
		w.BodyStructure(v.BodyStructure)
	default:
		w.section(&v.Item, v.HasOrigin)
		if v.Content == nil {
			w.e.Raw("NIL")
			return
		}
		w.e.LiteralOrBinary(v.Content)
	}
}
