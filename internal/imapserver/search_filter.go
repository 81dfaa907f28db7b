package imapserver

import (
	"slices"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/mail"
)

// filterPrefix begins the entries that hold filters, in either scope (RFC 5466
// §3.2).
const filterPrefix = "/filters/values/"

// filterName returns the filter that an entry's name, without its scope, is for.
func filterName(entry string) (string, bool) { return strings.CutPrefix(entry, filterPrefix) }

// lowerFilter puts the keys of a filter in the place of its name (RFC 5466
// §3.1). Its strings are UTF-8, whatever the command's are.
func (l *lowering) lowerFilter(k imap.SearchFilter) (imap.SearchKey, error) {
	if l.charset != "" && !strings.EqualFold(l.charset, "UTF-8") && !strings.EqualFold(l.charset, "US-ASCII") {
		return nil, &reply{status: imap.StatusBad, code: imap.CodeBadCharset{Charsets: []string{"US-ASCII", "UTF-8"}}, text: "FILTER implies UTF-8"}
	}
	undefined := no(imap.CodeUndefinedFilter{Filter: k.Name}, "No such filter")
	name := strings.ToLower(k.Name)
	l.substitutions++
	if slices.Contains(l.filters, name) || len(l.filters) == filterDepthMax || l.substitutions > filterSubstitutionsMax {
		return nil, undefined // a loop is no filter (RFC 5466 §3.1)
	}
	value, err := l.session.filter(name)
	if err != nil {
		return nil, err
	}
	if value == nil {
		return nil, undefined
	}
	key, err := imapwire.DecodeSearchCriteria(value, l.session.limits)
	if err != nil {
		return nil, undefined
	}
	charset := l.charset
	l.charset, l.filters = "", append(l.filters, name)
	defer func() { l.charset, l.filters = charset, l.filters[:len(l.filters)-1] }()
	return l.lower(key)
}

// filter returns the value of a filter, the user's own before the one that all
// have, and nil if there is none.
func (s *session) filter(name string) (value []byte, err error) {
	entry := filterPrefix + name
	look := func(account mail.Account, owner mail.AccountID) error {
		return account.Read(s.context, func(state mail.State) error {
			for m, err := range state.Metadata(mail.ServerMetadata, owner) {
				if err != nil {
					return err
				}
				if m.Name == entry {
					value = m.Value
				}
			}
			return nil
		})
	}
	if err := look(s.account, s.self()); err != nil || value != nil {
		return value, err
	}
	directory, err := s.server.options.Store.Account(s.context, mail.DirectoryAccount)
	if err == nil {
		err = look(directory, mail.Shared)
	}
	return value, err
}
