package convert

import (
	"slices"
	"strings"

	"github.com/restante/restante/imap"
)

// The parameters there are (RFC 5259 §7.1, §12.1 and §7, PIX-X and PIX-Y).
const (
	paramCharset     = "charset"
	paramReplacement = "unknown-character-replacement"
	paramWidth       = "pix-x"
	paramHeight      = "pix-y"
)

var (
	textParams  = []string{paramCharset, paramReplacement}
	imageParams = []string{paramWidth, paramHeight}
)

// textTypes are the texts that are listed. Any other text is converted, too, but
// those that hold more than text.
var textTypes = []string{
	"text/plain", "text/html", "text/css", "text/csv", "text/enriched", "text/xml", // RFC 5259 §7.1
	"text/calendar", "text/markdown", "text/richtext", "text/rfc822-headers", "text/tab-separated-values",
	"text/vcard", "text/x-diff", "text/x-patch", "text/x-vcard",
}

// imageTypes are the images there are, as source and as target.
var imageTypes = []string{"image/gif", "image/jpeg", "image/png", "image/webp"}

// aliases are names that mail uses for types that have another.
var aliases = map[string]string{
	"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png",
	"application/xhtml+xml": "text/html", "application/xhtml": "text/html",
}

// opaqueTexts are texts only by name.
var opaqueTexts = []string{"text/rtf", "text/uri-list+zip", "text/x-pgp"}

// canonical returns the type that stands for a media type, in lower case.
func canonical(mediaType string) string {
	mediaType = strings.ToLower(mediaType)
	if known, ok := aliases[mediaType]; ok {
		return known
	}
	return mediaType
}

func isText(mediaType string) bool {
	return strings.HasPrefix(mediaType, "text/") && !slices.Contains(opaqueTexts, mediaType)
}

// targets returns the types that a type can become, the nearest first.
func targets(from string) []string {
	from = canonical(from)
	switch {
	case slices.Contains(imageTypes, from):
		return imageTypes
	case from == "text/plain":
		return []string{"text/plain", "text/html"}
	case isText(from):
		return []string{from, "text/plain"}
	}
	return nil
}

// paramsOf returns the parameters that conversions to a type take.
func paramsOf(to string) []string {
	if strings.HasPrefix(to, "image/") {
		return imageParams
	}
	return textParams
}

// Conversions returns the conversions between types that match two media ranges:
// "*", "type/*" or a type (RFC 5259 §5.1).
func Conversions(from, to string) []imap.Conversion {
	sources := slices.Concat(textTypes, imageTypes, []string{"application/xhtml+xml"})
	if named := strings.ToLower(from); !strings.HasSuffix(named, "*") {
		sources = []string{named}
	}
	var all []imap.Conversion
	for _, source := range sources {
		if !matches(from, source) {
			continue
		}
		for _, target := range targets(source) {
			if matches(to, target) {
				all = append(all, imap.Conversion{From: source, To: target, Params: paramsOf(target)})
			}
		}
	}
	return all
}

// Label returns the type that stands for a media type, or "other" for one that is not
// listed: there are only so many labels, whatever parts say they are.
func Label(mediaType string) string {
	if mediaType = canonical(mediaType); slices.Contains(textTypes, mediaType) || slices.Contains(imageTypes, mediaType) {
		return mediaType
	}
	return "other"
}

// matches reports whether a media type lies in a media range.
func matches(mediaRange, mediaType string) bool {
	mediaRange = strings.ToLower(mediaRange)
	prefix, wild := strings.CutSuffix(mediaRange, "*")
	return mediaRange == mediaType || wild && strings.HasPrefix(mediaType, prefix)
}
