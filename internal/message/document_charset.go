package message

import (
	"bytes"

	"golang.org/x/net/html/charset"
)

// documentScan is how far from its beginning an HTML document names its charset.
const documentScan = 1024

// DocumentCharset returns the charset that an HTML document names itself, by a byte
// order mark or in a meta element; "" if it does not. It counts where the part that
// holds the document names none.
func DocumentCharset(document []byte) string {
	document = document[:min(len(document), documentScan)]
	if !bytes.HasPrefix(document, []byte("\xef\xbb\xbf")) && !bytes.HasPrefix(document, []byte("\xfe\xff")) &&
		!bytes.HasPrefix(document, []byte("\xff\xfe")) && !bytes.Contains(bytes.ToLower(document), []byte("<meta")) {
		return ""
	}
	_, name, _ := charset.DetermineEncoding(document, "")
	if name == "windows-1252" { // or nothing was found; such text is read as what it looks like
		return ""
	}
	return name
}
