package message

// commonWords are the words that nearly every structure is made of. They are
// kept out of the heap when parsing, and written as one or two octets in the
// binary form: their order is part of that format, and new ones go to the end.
var commonWords = [...]string{
	"text", "plain", "html", "7bit", "8bit", "quoted-printable", "base64", "binary",
	"multipart", "mixed", "alternative", "related", "signed", "report", "digest",
	"message", "rfc822", "delivery-status", "application", "octet-stream", "pdf",
	"image", "gif", "jpeg", "png", "attachment", "inline", "boundary", "charset",
	"name", "filename", "format", "flowed", "utf-8", "us-ascii", "iso-8859-1",
	"UTF-8", "US-ASCII", "ISO-8859-1", "Windows-1252", "windows-1252", "type",
	"micalg", "protocol", "delsp", "yes", "pgp-signature", "pgp-signed",
	"application/pgp-signature", "text/html", "multipart/alternative", "global",
	"calendar", "csv", "zip", "size", "creation-date", "modification-date",
	"iso-8859-15", "gb2312", "koi8-r", "iso-2022-jp", "big5", "gmail.com",
	"example.com", "example.org", "lists.sourceforge.net",
}

// commonIndex finds a common word's place.
var commonIndex = func() map[string]int {
	index := make(map[string]int, len(commonWords))
	for i, word := range commonWords {
		index[word] = i
	}
	return index
}()

// lowerWord returns b in ASCII lower case.
func lowerWord(b []byte) string {
	var buf [64]byte
	if len(b) > len(buf) {
		return string(lowerInto(make([]byte, len(b)), b))
	}
	return commonWord(lowerInto(buf[:], b))
}

// commonWord returns b as a string, without an allocation if it is a
// common word.
func commonWord(b []byte) string {
	if i, found := commonIndex[string(b)]; found {
		return commonWords[i]
	}
	return string(b)
}
