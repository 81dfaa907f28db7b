package imap_test

import (
	"fmt"

	"github.com/restante/restante/imap"
)

// A URL's texts are decoded, its numbers read, and its section is a value.
func ExampleParseURL() {
	u, err := imap.ParseURL("imap://joe@example.com/R%C3%A9sum%C3%A9s;UIDVALIDITY=7/;uid=20/;section=1.2.mime")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(u.User, u.Address(), u.Mailbox, u.UIDValidity, u.UID, u.Section.Part, u.Section.Text)
	_, err = imap.ParseURL("/INBOX/;UID=0")
	fmt.Println(err)
	// Output:
	// joe example.com:143 Résumés 7 20 1.2 MIME
	// not an IMAP URL: UID is malformed
}

// What needs encoding in a URL is encoded when it is written.
func ExampleURL_String() {
	fmt.Println(imap.URL{
		User: "joe;x", Host: "example.com", Mailbox: "Lists/50%?", UID: 3,
		Section: imap.Section{Text: imap.SectionHeaderFields, Fields: []string{"From", "To"}},
	})
	// Output: imap://joe%3Bx@example.com/Lists/50%25%3F/;UID=3/;SECTION=HEADER.FIELDS%20(From%20To)
}

// A message's parts may refer to each other, and so may the pieces that CATENATE
// puts together.
func ExampleURL_Resolve() {
	base, _ := imap.ParseURL("imap://joe@example.com/INBOX/;UID=20/;SECTION=1.2")
	for _, reference := range []string{";SECTION=1.4", ";UID=21", "/Drafts/;UID=4/;PARTIAL=0.1024", "//example.org/"} {
		u, err := base.Resolve(reference)
		fmt.Println(u, err)
	}
	// Output:
	// imap://joe@example.com/INBOX/;UID=20/;SECTION=1.4 <nil>
	// imap://joe@example.com/INBOX/;UID=21 <nil>
	// imap://joe@example.com/Drafts/;UID=4/;PARTIAL=0.1024 <nil>
	// imap://example.org <nil>
}
