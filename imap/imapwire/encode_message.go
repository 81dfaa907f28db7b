package imapwire

import "github.com/restante/restante/imap"

// EncodeStore writes the arguments of STORE and UID STORE.
func EncodeStore(e *Encoder, r imap.StoreRequest) {
	e.SP().messages(r.Messages).SP()
	if r.HasUnchangedSince {
		e.Raw("(UNCHANGEDSINCE ").Number(uint64(r.UnchangedSince)).Raw(") ")
	}
	switch r.Op {
	case imap.StoreAdd:
		e.octet('+')
	case imap.StoreRemove:
		e.octet('-')
	}
	if r.Annotations != nil {
		e.Raw("ANNOTATION ").annotationEntries(r.Annotations)
		return
	}
	e.Raw("FLAGS")
	if r.Silent {
		e.Raw(".SILENT")
	}
	e.SP().FlagList(r.Flags)
}

// EncodeCopy writes the arguments of COPY, MOVE and their UID forms.
func EncodeCopy(e *Encoder, r imap.CopyRequest) {
	e.SP().messages(r.Messages).SP().Mailbox(r.Mailbox)
}

// EncodeUIDExpunge writes the argument of UID EXPUNGE.
func EncodeUIDExpunge(e *Encoder, m imap.MessageSet) { e.SP().messages(m) }

// EncodeFetch writes the arguments of FETCH and UID FETCH.
func EncodeFetch(e *Encoder, r imap.FetchRequest) {
	e.SP().messages(r.Messages).SP().octet('(')
	for i := range r.Items {
		if i > 0 {
			e.SP()
		}
		e.fetchItem(&r.Items[i])
	}
	e.octet(')')
	e.fetchModifiers(r)
}

func (e *Encoder) fetchModifiers(r imap.FetchRequest) {
	if r.ChangedSince == 0 && r.Partial.IsZero() {
		return
	}
	e.Raw(" (")
	if !r.Partial.IsZero() {
		e.Raw("PARTIAL ").Raw(r.Partial.String())
	}
	if r.ChangedSince != 0 {
		if !r.Partial.IsZero() {
			e.SP()
		}
		e.Raw("CHANGEDSINCE ").Number(uint64(r.ChangedSince))
	}
	if r.Vanished {
		e.Raw(" VANISHED")
	}
	e.octet(')')
}

func (e *Encoder) fetchItem(item *imap.FetchItem) {
	e.Raw(item.Kind.String())
	if item.Peek {
		e.Raw(".PEEK")
	}
	if item.Annotation != nil {
		e.fetchAnnotation(item.Annotation)
	}
	if item.Lazy {
		e.Raw(" (LAZY)")
	}
	if item.Kind.HasSection() {
		e.section(item.Section)
	}
	if !item.Partial.IsWhole() {
		e.octet('<').Number(item.Partial.Offset).octet('.').Number(item.Partial.Length).octet('>')
	}
}

// EncodeSearch writes the arguments of SEARCH and UID SEARCH.
func EncodeSearch(e *Encoder, r imap.SearchRequest) {
	e.SP().searchReturns(r).searchCharset(r.Charset).searchAll(r.Key)
}

// searchReturns writes the result options and a space, if there are any.
func (e *Encoder) searchReturns(r imap.SearchRequest) *Encoder {
	if !r.Extended {
		return e
	}
	e.Raw("RETURN ").words([]word{
		{"MIN", r.Return.Min}, {"MAX", r.Return.Max}, {"ALL", r.Return.All},
		{"COUNT", r.Return.Count}, {"SAVE", r.Return.Save},
		{"CONTEXT", r.Return.Context}, {"RELEVANCY", r.Return.Relevancy},
		{"PARTIAL " + r.Return.Partial.String(), !r.Return.Partial.IsZero()},
		{"UPDATE", r.Return.Update},
	})
	if len(r.UpdateItems) > 0 {
		e.SP().fetchItems(r.UpdateItems)
	}
	return e.octet(')').SP()
}

// searchCharset writes CHARSET with a name and a space, if there is one.
func (e *Encoder) searchCharset(charset string) *Encoder {
	if charset != "" {
		e.Raw("CHARSET ").AString(charset).SP()
	}
	return e
}

// searchAll writes a whole program: several keys without parentheses.
func (e *Encoder) searchAll(key imap.SearchKey) {
	if and, ok := key.(imap.SearchAnd); ok {
		e.searchKeys(and.Keys)
		return
	}
	e.searchKey(key)
}

func (e *Encoder) searchKeys(keys []imap.SearchKey) {
	if len(keys) == 0 {
		e.Raw("ALL")
	}
	for i, key := range keys {
		if i > 0 {
			e.SP()
		}
		e.searchKey(key)
	}
}
