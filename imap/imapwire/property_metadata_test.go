package imapwire

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/restante/restante/imap"
)

func (g generator) oneOf(words ...string) string { return words[g.IntN(len(words))] }

func (g generator) some(words ...string) []string {
	var some []string
	for range 1 + g.IntN(3) {
		some = append(some, g.oneOf(words...))
	}
	return some
}

// octets makes a value of metadata: NIL, nothing, text or what is no text.
func (g generator) octets() []byte {
	switch g.IntN(4) {
	case 0:
		return nil
	case 1:
		return []byte{0, 255, '\r', 0}
	}
	return []byte(g.text())
}

func (g generator) fetchAnnotation() *imap.FetchAnnotation {
	return &imap.FetchAnnotation{
		Entries:    g.some("/comment", "/*", "*", "/%/x", "/1.2/comment", "/a b", "/]"),
		Attributes: g.some(imap.AttributeValue, imap.AttributeSize, imap.AttributeValuePrivate, imap.AttributeSizeShared),
	}
}

// annotations makes what STORE sets.
func (g generator) annotations() []imap.AnnotationEntry {
	entries := []imap.AnnotationEntry{}
	for range 1 + g.IntN(3) {
		entry := imap.AnnotationEntry{Entry: g.oneOf("/comment", "/altsubject", "/1/comment", `/"`, "/a b")}
		for range 1 + g.IntN(2) {
			entry.Attributes = append(entry.Attributes, imap.AnnotationAttribute{
				Name: g.oneOf(imap.AttributeValuePrivate, imap.AttributeValueShared), Value: g.octets(),
			})
		}
		entries = append(entries, entry)
	}
	return entries
}

func (g generator) metadataValues() []imap.MetadataValue {
	var values []imap.MetadataValue
	for range 1 + g.IntN(3) {
		values = append(values, imap.MetadataValue{Entry: g.oneOf("/private/comment", "/SHARED/x", "/shared/vendor/a/b", "/private/a b"), Value: g.octets()})
	}
	return values
}

// What metadata and annotations are asked for and set with is read as it was
// written, in both modes.
func TestMetadataRoundTrips(t *testing.T) {
	const seed = 5464
	g := generator{rand.New(rand.NewPCG(seed, 0))}
	for range 2000 {
		get := imap.GetMetadataRequest{Mailbox: g.name(), HasMaxSize: g.coin(), Entries: g.some("/private", "/shared/comment", "/Private/x y")}
		if get.HasMaxSize {
			get.MaxSize = g.Uint32()
		}
		get.Depth = imap.MetadataDepth(g.IntN(3))
		list := g.list()
		if list.Extended {
			list.Return.Metadata = g.some("/shared/comment", "/private/a b")
		}
		selecting := g.selecting()
		selecting.Annotate = g.coin()
		search := g.search(false)
		search.Key = imap.SearchAnd{Keys: []imap.SearchKey{
			imap.SearchFilter{Name: g.oneOf("a", "on-the-road")},
			imap.SearchAnnotation{Entry: g.oneOf("*", "/%", "/comment"), Attribute: g.oneOf("value", "value.priv", "value.shared"), Value: g.octets()},
		}}
		sort := g.sort(true)
		sort.Sort = append(sort.Sort, imap.SortKey{Field: imap.SortAnnotation, Entry: g.oneOf("/comment", "/a b"), Attribute: g.oneOf("value.priv", "value.shared"), Reverse: g.coin()})
		for name, value := range map[string]any{
			"GETMETADATA": get,
			"SETMETADATA": imap.SetMetadataRequest{Mailbox: g.name(), Values: g.metadataValues()},
			"STORE":       imap.StoreRequest{Messages: g.messages(false), Annotations: g.annotations()},
			"LIST":        list, "SELECT": selecting, "SEARCH": search, "UID SORT": sort,
		} {
			mode := Mode{UTF8: g.coin()}
			line := writeCommand(name, value, mode)
			if _, got, ok := readCommand(line, mode); !ok || !reflect.DeepEqual(got, value) {
				t.Fatalf("seed %d, %q:\n got %#v\nwant %#v", seed, line, got, value)
			}
		}
		for _, response := range []imap.Response{
			imap.MetadataResponse{Data: imap.MetadataData{Mailbox: g.name(), Values: g.metadataValues()}},
			imap.MetadataResponse{Data: imap.MetadataData{Mailbox: g.name(), Entries: g.some("/shared/comment", "/private/a b")}},
			imap.FetchResponse{Seq: 3, Values: []imap.FetchValue{{Item: imap.FetchItem{Kind: imap.FetchAnnotations}, Annotations: g.annotations()}}},
			imap.FetchResponse{Seq: 3, Values: []imap.FetchValue{{Item: imap.FetchItem{Kind: imap.FetchAnnotations}, Annotations: []imap.AnnotationEntry{{Entry: "/a"}, {Entry: "/b c"}}}}},
		} {
			line := writeResponse(response, Mode{UTF8: true})
			if got, err := readResponse(line, Mode{UTF8: true}); err != nil || !reflect.DeepEqual(got, response) {
				t.Fatalf("seed %d, %q (%v):\n got %#v\nwant %#v", seed, line, err, got, response)
			}
		}
	}
}

// What the names of entries and attributes must not be is a syntax error
// (RFC 5464 §3.2, RFC 5257 §3.2).
func TestNamesOfEntries(t *testing.T) {
	for _, line := range []string{
		"t GETMETADATA x comment\r\n", "t GETMETADATA x /comment\r\n", "t GETMETADATA x /private/\r\n", "t GETMETADATA x /private//a\r\n", "t GETMETADATA x \"/private/*\"\r\n",
		"t GETMETADATA x \"/private/%\"\r\n", "t GETMETADATA x \"/private/\xc3\xa9\"\r\n", "t GETMETADATA x \"/private/\x19\"\r\n", "t GETMETADATA x /privates/a\r\n", "t GETMETADATA x ()\r\n",
		"t GETMETADATA (DEPTH 2) x /private/a\r\n", "t GETMETADATA (DEPTH 1 DEPTH 1) x /private/a\r\n", "t GETMETADATA (SIZE 2) x /private/a\r\n", "t GETMETADATA (MAXSIZE 4294967296) x /private/a\r\n",
		"t SETMETADATA x (/private NIL)\r\n", "t SETMETADATA x (/private/vendor/a NIL)\r\n", "t SETMETADATA x (/private/vendor NIL)\r\n", "t SETMETADATA x (/private/a atom)\r\n", "t SETMETADATA x ()\r\n",
		"t SETMETADATA \"\" (/private/filters/values/a/b \"ALL\")\r\n", "t SETMETADATA \"\" (\"/private/filters/values/a]\" \"ALL\")\r\n",
		"t FETCH 1 ANNOTATION\r\n", "t FETCH 1 (ANNOTATION (comment value))\r\n", "t FETCH 1 (ANNOTATION (/comment flavour))\r\n", "t FETCH 1 (ANNOTATION (/a//b value))\r\n", "t FETCH 1 (ANNOTATION (/flags/x value))\r\n",
		"t FETCH 1 (ANNOTATION (/01/comment value))\r\n", "t FETCH 1 (ANNOTATION (/1..2/comment value))\r\n", "t FETCH 1 (ANNOTATION (/1 value))\r\n", "t FETCH 1 (ANNOTATION (/1x/comment value))\r\n",
		"t STORE 1 ANNOTATION (/comment (value \"x\"))\r\n", "t STORE 1 ANNOTATION (/comment (size.priv \"1\"))\r\n", "t STORE 1 ANNOTATION (/% (value.priv \"x\"))\r\n", "t STORE 1 ANNOTATION (/flags/seen (value.priv \"1\"))\r\n",
		"t STORE 1 ANNOTATION (/1/flags/seen (value.priv \"2\"))\r\n", "t STORE 1 +ANNOTATION (/comment (value.priv \"x\"))\r\n", "t STORE 1 ANNOTATION (/comment (value.priv.x \"x\"))\r\n",
		"t SEARCH ANNOTATION /comment size \"1\"\r\n", "t SORT (ANNOTATION /% value.priv) UTF-8 ALL\r\n", "t SORT (ANNOTATION /a value) UTF-8 ALL\r\n", "t SEARCH FILTER a/b\r\n", "t SEARCH FILTER \"a\"\r\n",
	} {
		if name, value, ok := readCommand([]byte(line), Mode{UTF8: true}); ok {
			t.Errorf("%q was read as %s %#v", line, name, value)
		}
	}
}
