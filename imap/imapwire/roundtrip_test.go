package imapwire

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/restante/restante/imap"
)

// codec reads and writes the arguments of one command.
type codec struct {
	decode func(*Decoder) (any, error)
	encode func(*Encoder, any)
}

func codecOf[T any](decode func(*Decoder) (T, error), encode func(*Encoder, T)) codec {
	return codec{
		func(d *Decoder) (any, error) { return decode(d) },
		func(e *Encoder, v any) { encode(e, v.(T)) },
	}
}

// numbered is codecOf for commands that also have a UID form.
func numbered[T any](decode func(*Decoder, bool) (T, error), encode func(*Encoder, T), byUID bool) codec {
	return codecOf(func(d *Decoder) (T, error) { return decode(d, byUID) }, encode)
}

var nothing = codecOf(
	func(d *Decoder) (bool, error) { return true, DecodeNothing(d) }, func(*Encoder, bool) {})

var codecs = map[string]codec{
	"CAPABILITY": nothing, "NOOP": nothing, "LOGOUT": nothing, "STARTTLS": nothing,
	"NAMESPACE": nothing, "IDLE": nothing, "CHECK": nothing, "CLOSE": nothing,
	"UNSELECT": nothing, "EXPUNGE": nothing, "UNAUTHENTICATE": nothing,
	"COMPRESS":     codecOf(DecodeCompress, EncodeCompress),
	"GETMETADATA":  codecOf(DecodeGetMetadata, EncodeGetMetadata),
	"SETMETADATA":  codecOf(DecodeSetMetadata, EncodeSetMetadata),
	"UIDBATCHES":   codecOf(func(d *Decoder) (imap.BatchesRequest, error) { return DecodeBatches(d, "t") }, EncodeBatches),
	"LOGIN":        codecOf(DecodeLogin, EncodeLogin),
	"AUTHENTICATE": codecOf(DecodeAuthenticate, EncodeAuthenticate),
	"ENABLE":       codecOf(DecodeEnable, EncodeEnable),
	"ID":           codecOf(DecodeID, EncodeID),
	"SELECT":       codecOf(DecodeSelect, EncodeSelect),
	"EXAMINE":      codecOf(DecodeSelect, EncodeSelect),
	"CREATE":       codecOf(DecodeCreate, EncodeCreate),
	"DELETE":       codecOf(DecodeMailbox, EncodeMailbox),
	"RENAME":       codecOf(DecodeRename, EncodeRename),
	"SUBSCRIBE":    codecOf(DecodeMailbox, EncodeMailbox),
	"UNSUBSCRIBE":  codecOf(DecodeMailbox, EncodeMailbox),
	"LIST":         codecOf(DecodeList, EncodeList),
	"LSUB":         codecOf(DecodeLsub, EncodeLsub),
	"STATUS":       codecOf(DecodeStatus, EncodeStatus),
	"SEARCH":       numbered(decodeSearch, EncodeSearch, false),
	"UID SEARCH":   numbered(decodeSearch, EncodeSearch, true),
	"ESEARCH":      codecOf(func(d *Decoder) (imap.SearchRequest, error) { return DecodeESearch(d, "t") }, EncodeESearch),
	"SETACL":       codecOf(DecodeSetACL, EncodeSetACL),
	"DELETEACL":    codecOf(DecodeACLIdentifier, EncodeACLIdentifier),
	"LISTRIGHTS":   codecOf(DecodeACLIdentifier, EncodeACLIdentifier),
	"GETACL":       codecOf(DecodeMailbox, EncodeMailbox),
	"MYRIGHTS":     codecOf(DecodeMailbox, EncodeMailbox),
	"GETQUOTA":     codecOf(DecodeGetQuota, EncodeGetQuota),
	"GETQUOTAROOT": codecOf(DecodeMailbox, EncodeMailbox),
	"SETQUOTA":     codecOf(DecodeSetQuota, EncodeSetQuota),
	"CANCELUPDATE": codecOf(DecodeCancelUpdate, EncodeCancelUpdate),
	"NOTIFY":       codecOf(DecodeNotify, EncodeNotify),
	"COMPARATOR":   codecOf(DecodeComparator, EncodeComparator),
	"LANGUAGE":     codecOf(DecodeLanguage, EncodeLanguage),
	"SORT":         numbered(decodeSort, EncodeSort, false),
	"UID SORT":     numbered(decodeSort, EncodeSort, true),
	"THREAD":       numbered(DecodeThread, EncodeThread, false),
	"UID THREAD":   numbered(DecodeThread, EncodeThread, true),
	"CONVERSIONS":  codecOf(DecodeConversions, EncodeConversions),
	"CONVERT":      numbered(DecodeConvert, EncodeConvert, false),
	"UID CONVERT":  numbered(DecodeConvert, EncodeConvert, true),
	"FETCH":        numbered(DecodeFetch, EncodeFetch, false),
	"UID FETCH":    numbered(DecodeFetch, EncodeFetch, true),
	"STORE":        numbered(DecodeStore, EncodeStore, false),
	"UID STORE":    numbered(DecodeStore, EncodeStore, true),
	"COPY":         numbered(DecodeCopy, EncodeCopy, false),
	"UID COPY":     numbered(DecodeCopy, EncodeCopy, true),
	"MOVE":         numbered(DecodeCopy, EncodeCopy, false),
	"UID MOVE":     numbered(DecodeCopy, EncodeCopy, true),
	"GENURLAUTH":   codecOf(DecodeGenURLAuth, EncodeGenURLAuth),
	"RESETKEY":     codecOf(DecodeResetKey, EncodeResetKey),
	"URLFETCH":     codecOf(DecodeURLFetch, EncodeURLFetch),
	"UID EXPUNGE":  codecOf(DecodeUIDExpunge, EncodeUIDExpunge),
}

func decodeSearch(d *Decoder, byUID bool) (imap.SearchRequest, error) {
	return DecodeSearch(d, "t", byUID)
}

func decodeSort(d *Decoder, byUID bool) (imap.SearchRequest, error) {
	return DecodeSort(d, "t", byUID)
}

// readCommand reads a whole command; ok is false if it is not one that the
// grammar admits.
func readCommand(text []byte, mode Mode) (name string, value any, ok bool) {
	frags, err := FragmentsOf(text, DefaultLimits())
	if err != nil {
		return "", nil, false
	}
	d := NewDecoder(frags, mode, DefaultLimits())
	d.Tag()
	name = d.Command()
	command, known := codecs[name]
	if !known || d.Err() != nil {
		return name, nil, false
	}
	value, err = command.decode(d)
	return name, value, err == nil
}

func writeCommand(name string, value any, mode Mode) []byte {
	var out bytes.Buffer
	e := NewEncoder(&out)
	e.SetMode(mode)
	e.SetCommandLiterals(1<<62, nil)
	e.BeginCommand("t", name)
	codecs[name].encode(e, value)
	e.CRLF()
	_ = e.Flush()
	return out.Bytes()
}

// checkCommand demands that what was read, when it is written, is read as the
// same value.
func checkCommand(t *testing.T, text []byte, mode Mode) (read bool) {
	t.Helper()
	name, value, ok := readCommand(text, mode)
	if !ok {
		return false
	}
	written := writeCommand(name, value, mode)
	_, again, ok := readCommand(written, mode)
	if !ok {
		t.Fatalf("%q was written as %q, which cannot be read", text, written)
	}
	if !reflect.DeepEqual(value, again) {
		t.Fatalf("%q was written as %q:\n got %#v\nwant %#v", text, written, again, value)
	}
	return true
}

func readResponse(text []byte, mode Mode) (imap.Response, error) {
	frags, err := ResponseFragmentsOf(text, DefaultLimits())
	if err != nil {
		return nil, err
	}
	return DecodeResponse(NewDecoder(frags, mode, DefaultLimits()))
}

func writeResponse(response imap.Response, mode Mode) []byte {
	var out bytes.Buffer
	e := NewEncoder(&out)
	e.SetMode(mode)
	e.Response(response)
	_ = e.Flush()
	return out.Bytes()
}

// examples returns the lines of a file in testdata as commands or responses.
func examples(t testing.TB, name string) [][]byte {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]byte
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimSuffix(line, "\n"); line != "" && line[0] != '#' {
			lines = append(lines, []byte(strings.ReplaceAll(line, "<CRLF>", "\r\n")+"\r\n"))
		}
	}
	return lines
}

// Every command of the RFCs' examples is read, and read again as the same when
// it was written.
func TestCommandExamples(t *testing.T) {
	for _, line := range examples(t, "commands.txt") {
		for _, mode := range []Mode{{}, {UTF8: true}} {
			if !checkCommand(t, line, mode) {
				t.Errorf("%q cannot be read", line)
			}
		}
	}
}

// Every response of the RFCs' examples is read, and read again as the same when
// it was written.
func TestResponseExamples(t *testing.T) {
	for _, line := range examples(t, "responses.txt") {
		response, err := readResponse(line, Mode{UTF8: true})
		if err != nil {
			t.Errorf("%q: %v", line, err)
			continue
		}
		if status, ok := response.(imap.StatusResponse); ok && status.Text == "" {
			continue // a text is put in its place
		}
		written := writeResponse(response, Mode{UTF8: true})
		again, err := readResponse(written, Mode{UTF8: true})
		if err != nil || !reflect.DeepEqual(response, again) {
			t.Errorf("%q was written as %q (%v):\n got %#v\nwant %#v", line, written, err, again, response)
		}
	}
}
