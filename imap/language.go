package imap

// CapLanguage says that the texts for people can be had in several languages
// (RFC 5255 §3).
const CapLanguage Capability = "LANGUAGE"

// The names that mean a language without being a tag of one.
const (
	// LanguageInitial is the language until another one is chosen: English in
	// ASCII (RFC 5255 §3.1, RFC 2277 §4.5).
	LanguageInitial = "i-default"
	// LanguageDefault asks for the one that the administrator prefers
	// (RFC 5255 §3.2).
	LanguageDefault = "default"
)
