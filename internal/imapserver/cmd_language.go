package imapserver

import (
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/language"
	"github.com/restante/restante/internal/mail"
)

// language is LANGUAGE (RFC 5255 §3.2): it tells which languages there are, or
// speaks the first that is meant from then on.
func (s *session) language(ranges []string) (outcome, error) {
	catalogue := language.All()
	if len(ranges) == 0 {
		s.enc.Language(append(catalogue.Tags(), imap.LanguageInitial))
		return outcome{}, nil
	}
	for _, one := range ranges {
		if !isLanguageRange(one) {
			return outcome{}, bad("This is no language range")
		}
	}
	tag, chosen, known := s.chooseLanguage(ranges)
	if !known {
		return outcome{}, no(nil, "None of these languages is spoken here")
	}
	s.enc.Language([]string{tag})
	s.speak(chosen)
	if s.state != notAuthenticated {
		s.enc.Namespaces(s.namespaces()) // its names for people, see RFC 5255 §3.4
	}
	return outcome{text: "Now speaking this language"}, nil
}

// speak has texts for people said in a language from now on; nil is the one of
// the beginning.
func (s *session) speak(chosen *language.Language) {
	s.spoken = chosen
	if chosen == nil {
		s.enc.SetTranslator(nil)
		return
	}
	s.enc.SetTranslator(chosen.Translate)
}

// chooseLanguage returns the tag and the language that is meant first: nil for
// "i-default".
func (s *session) chooseLanguage(ranges []string) (tag string, chosen *language.Language, known bool) {
	for _, one := range ranges {
		if strings.EqualFold(one, imap.LanguageDefault) {
			if one = s.server.options.Language; one == "" {
				one = imap.LanguageInitial
			}
		}
		if strings.EqualFold(one, imap.LanguageInitial) {
			return imap.LanguageInitial, nil, true
		}
		if l := language.All().Match([]string{one}); l != nil {
			return l.Tag, l, true
		}
	}
	return "", nil, false
}

// translateNamespaces says what the prefixes of namespaces mean to people, where
// a language was chosen (RFC 5255 §3.4).
func (s *session) translateNamespaces(data *imap.NamespaceData) {
	if s.spoken == nil {
		return
	}
	for _, class := range [...][]imap.Namespace{data.Other, data.Shared} {
		for i := range class {
			name := strings.TrimSuffix(class[i].Prefix, mail.Separator)
			class[i].Extensions = append(class[i].Extensions, imap.NamespaceExtension{
				Name: "TRANSLATION", Values: []string{imapwire.EncodeUTF7(s.spoken.Translate(name) + mail.Separator)},
			})
		}
	}
}

// languageRangeMax is more than any real tag has (RFC 5646 §4.4.1 recommends
// to take 35 octets at least).
const languageRangeMax = 100

// isLanguageRange says whether an argument may be one (RFC 4647 §2.1, §2.2):
// subtags of one to eight letters and digits, or "*".
func isLanguageRange(text string) bool {
	if len(text) > languageRangeMax {
		return false
	}
	for _, subtag := range strings.Split(text, "-") {
		if subtag == "*" {
			continue
		}
		if len(subtag) < 1 || len(subtag) > 8 {
			return false
		}
		for i := range len(subtag) {
			c := subtag[i] | 0x20
			if (c < 'a' || c > 'z') && (subtag[i] < '0' || subtag[i] > '9') {
				return false
			}
		}
	}
	return true
}
