package imapwire

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/restante/restante/imap"
)

// awkwardCommands are seeds that the RFCs' examples do not contain.
var awkwardCommands = []string{
	"a COMPRESS deflate\r\n", "a UIDBATCHES 500 1:20\r\n", "a uidbatches 4294967295\r\n", "a UNAUTHENTICATE\r\n",
	"a SEARCH EMAILID M1 OR THREADID T-_ ALL\r\n", "a FETCH 1 (PREVIEW (LAZY) EMAILID THREADID)\r\n", "a FETCH 1 PREVIEW (CHANGEDSINCE 7)\r\n",
	"t UID SEARCH UIDAFTER 25000 NOT UIDBEFORE 4294967295 UNDELETED\r\n",
	"t NOTIFY none\r\n", "t NOTIFY SET STATUS (selected (MessageNew (uid body.peek[header.fields (from to)]) messageexpunge)) (mailboxes (a \"b c\") NONE)\r\n",
	"t NOTIFY set (SELECTED-DELAYED NONE) (subtree x (FlagChange MailboxName x-new)) (inboxes (ServerMetadataChange AnnotationChange))\r\n",
	"t SEARCH RETURN (COUNT UPDATE (UID BODY[HEADER.FIELDS (TO)])) ALL\r\n", "t UID SORT RETURN (UPDATE(UID) COUNT) (DATE) UTF-8 ALL\r\n",
	"t LOGIN {3}\r\na\"b \"\\\"\\\\\"\r\n",
	"t SELECT \"&Jjo-\" (CONDSTORE QRESYNC (1 2 (1 2)))\r\n",
	"t CREATE !#$&'+,-.0123456789:;<=>?@^_`|[}\r\n",
	"t RENAME NIL iNBox\r\n",
	"t LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (% \"a b\" x*) RETURN (STATUS (SIZE) CHILDREN)\r\n",
	"t FETCH 4:2,*:1 (BODY.PEEK[1.2.MIME]<0.1> BINARY[3] RFC822.TEXT UID) (CHANGEDSINCE 9)\r\n",
	"t UID FETCH $ FULL\r\n",
	"t STORE 1 -FLAGS \\Seen $x NIL\r\n",
	"t SEARCH CHARSET \"UTF-8\" OR NOT (NEW OLD) HEADER {1}\r\nx \"\" MODSEQ \"/flags/\\\\seen\" priv 0\r\n",
	"t UID SEARCH RETURN () UID 1:* SENTON \"1-Feb-1994\" SMALLER 9223372036854775807\r\n",
	"t SEARCH RETURN (PARTIAL -1:-100 COUNT) OLDER 5 YOUNGER 4294967295 SAVEDON 1-Feb-1994 SAVEDATESUPPORTED\r\n",
	"t UID FETCH 1:* (SAVEDATE) (PARTIAL 500:400 CHANGEDSINCE 98305)\r\n",
	"t SORT RETURN (COUNT PARTIAL 1:5) (REVERSE DATE SUBJECT DISPLAYTO) UTF-8 ALL\r\n",
	"t UID SORT (CC ARRIVAL) \"us-ascii\" OR SEEN 1:4\r\n",
	"t UID THREAD REFERENCES UTF-8 SINCE 5-MAR-2000\r\n",
	"t THREAD orderedsubject {5}\r\nUTF-8 ALL NOT SEEN\r\n",
	"t CANCELUPDATE \"B01\" \"x\\\"y\"\r\n", "t UID SEARCH RETURN (CONTEXT UPDATE COUNT) FLAGGED\r\n",
	"t ESEARCH IN (mailboxes \"folder1\" subtree (a \"b c\") personal) RETURN (COUNT) unseen\r\n", "t ESEARCH IN (selected inboxes subscribed subtree-one x) CHARSET UTF-8 ALL\r\n", "t ESEARCH ALL\r\n",
	"t SEARCH RETURN (RELEVANCY ALL) FUZZY (SUBJECT x NOT FUZZY SEEN)\r\n", "t SORT (RELEVANCY) UTF-8 FUZZY TEXT \"Helo\"\r\n",
	"t GETQUOTA \"!partition/sda4\"\r\n", "t GETQUOTA \"\"\r\n", "t getquotaroot \"&Jjo-\"\r\n", "t SETQUOTA {1}\r\n# (storage 0 X-OWN 9223372036854775807)\r\n", "t SETQUOTA \"\" ()\r\n",
	"t SETACL \"&Jjo-\" -$group +lrswipkxtean\r\n", "t SETACL x {6}\r\nanyone \"\"\r\n", "t DELETEACL INBOX \"-a b@example.org\"\r\n", "t LISTRIGHTS \"Shared/a=2Fb/INBOX\" anonymous\r\n",
	"t GETACL \"Other Users/x/INBOX\"\r\n", "t MYRIGHTS NIL\r\n", "t NAMESPACE\r\n", "t LIST () \"\" \"Other Users/%\" RETURN (MYRIGHTS)\r\n",
	"t GETMETADATA \"\" /shared/comment\r\n", "t GETMETADATA (DEPTH infinity MAXSIZE 0) INBOX (/PRIVATE)\r\n", "t GETMETADATA x (MAXSIZE 1024) (/shared/a /private/b)\r\n", "t GETMETADATA INBOX /private/comment /shared/comment\r\n",
	"t SETMETADATA INBOX (/private/comment ~{3+}\r\na\x00b /shared/comment NIL)\r\n", "t SETMETADATA \"\" (/private/filters/values/a \"OR SMALLER 5 SEEN\")\r\n",
	"t LIST \"\" % RETURN (METADATA (/shared/comment) CHILDREN)\r\n", "t SELECT x (ANNOTATE CONDSTORE)\r\n",
	"t FETCH 1 (ANNOTATION ((/comment /1.2/*) (value size.priv)))\r\n", "t UID FETCH 1 ANNOTATION (/% value.shared)\r\n",
	"t STORE 1 (UNCHANGEDSINCE 4) ANNOTATION (/comment (value.priv \"x\" value.shared NIL) /1/flags/seen (value.priv \"1\"))\r\n",
	"t SEARCH ANNOTATION * value.priv \"IMAP4\" FILTER on-the-road ANNOTATION /comment value NIL\r\n", "t SORT (REVERSE ANNOTATION /altsubject value.shared) UTF-8 ALL\r\n",
	"t RESETKEY\r\n", "t RESETKEY \"&Jjo-\" internal X-9.a\r\n", "t GENURLAUTH imap://a@b/c/;UID=1;URLAUTH=authuser INTERNAL {1}\r\na x\r\n",
	"t URLFETCH imap://a@b/c/;UID=1 (\"x y\" BODYPARTSTRUCTURE BINARY) (NIL) (z body)\r\n",
	"t LANGUAGE\r\n", "t LANGUAGE de-AT \"default\" \"*\"\r\n",
	"t COMPARATOR\r\n", "t COMPARATOR \"cz;*\" i;basic\r\n",
	"t AUTHENTICATE X =\r\n",
	"t UID CONVERT $ (NIL (\"charset\" utf-8)) (BODY[HEADER] BODY[1.2.MIME] UID AVAILABLECONVERSIONS[])\r\n",
	"t CONVERT 1:* (\"image/JPEG\" (PIX-X 128 \"%\" {1}\r\nx)) (BODYPARTSTRUCTURE[2] BINARY[2]<1.2> binary.size[])\r\n",
	"t CONVERSIONS \"image/*\" image/jpeg\r\n", "t conversions \"*\" \"*\"\r\n",
	"t ID (\"a\" NIL \"b\" \"\")\r\n",
	"t ENABLE IMAP4rev2 utf8=accept\r\n",
	"t STATUS \"é\" (messages recent appendlimit)\r\n",
}

// What is read of any command is, when it is written, read as the same value, in
// both modes; nothing panics.
func FuzzCommand(f *testing.F) {
	for _, line := range examples(f, "commands.txt") {
		f.Add(line, false)
	}
	for _, line := range awkwardCommands {
		f.Add([]byte(line), true)
		f.Add([]byte(line), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, inUTF8 bool) {
		checkCommand(t, text, Mode{UTF8: inUTF8})
	})
}

// The seeds of FuzzCommand are commands that the grammar admits.
func TestAwkwardCommands(t *testing.T) {
	for _, line := range awkwardCommands {
		if !checkCommand(t, []byte(line), Mode{}) {
			t.Errorf("%q cannot be read", line)
		}
	}
}

// What is read of any response has one way to be written: writing and reading it
// again changes nothing any more.
func FuzzResponse(f *testing.F) {
	for _, line := range examples(f, "responses.txt") {
		f.Add(line)
	}
	f.Add([]byte("* 25997 UIDFETCH (FLAGS (\\Flagged \\Answered))\r\n"))
	mode := Mode{UTF8: true}
	f.Fuzz(func(t *testing.T, text []byte) {
		response, err := readResponse(text, mode)
		if err != nil {
			return
		}
		written := writeResponse(response, mode)
		if len(written) == 0 { // VANISHED without UIDs is not written
			return
		}
		again, err := readResponse(written, mode)
		if err != nil {
			t.Fatalf("%q was written as %q: %v", text, written, err)
		}
		if final := writeResponse(again, mode); !bytes.Equal(written, final) {
			t.Fatalf("%q was written as %q and then as %q", text, written, final)
		}
	})
}

// A response code is read again as it was written.
func FuzzCode(f *testing.F) {
	for _, seed := range []string{
		"NOTIFICATIONOVERFLOW", "BADEVENT (MessageNew x)",
		"ALERT", "UIDNEXT 4", "COPYUID 1 2:3 4,5", "APPENDUID 1 2", "BADCHARSET (a \"b\")",
		"PERMANENTFLAGS (\\* x)", "NOUPDATE \"a\\\"b\"", "MODIFIED 1:4", "HIGHESTMODSEQ 7", "CAPABILITY IMAP4rev2",
		"X y z", "MAILBOXID (F-1_)", "BADURL /a;UIDVALIDITY=1/;UID=3", "BADURL \"\"", "URLMECH INTERNAL XSAMPLE=P34OKhO7VEkCbsiYY8rGEg== Y", "METADATA LONGENTRIES 0", "METADATA MAXSIZE 5", "METADATA TOOMANY", "METADATA NOPRIVATE", "METADATA x",
		"ANNOTATE TOOBIG", "ANNOTATE TOOMANY", "ANNOTATIONS NONE", "ANNOTATIONS 20480 NOPRIVATE", "ANNOTATIONS READ-ONLY", "UNDEFINED-FILTER a-b",
		"INPROGRESS", `INPROGRESS ("t" NIL NIL)`, `INPROGRESS (NIL 3 4)`, `INPROGRESS ("x" 3 NIL)`, "UIDVALIDITY 0", "UNSEEN 1", "UIDREQUIRED",
		"MAXCONVERTMESSAGES 4", "MAXCONVERTPARTS 0", "TEMPFAIL",
		"INPROGRESS", `INPROGRESS ("t" NIL NIL)`, `INPROGRESS (NIL 3 4)`, `INPROGRESS ("x" 3 NIL)`, "UIDVALIDITY 0", "UNSEEN 1", "UIDREQUIRED", "MESSAGELIMIT 1000 23221", "MESSAGELIMIT 1000",
		"REFERRAL IMAP://user;AUTH=*@SERVER2/FOO IMAP://user;AUTH=*@SERVER3/",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, ok := readCode(text)
		if !ok {
			return
		}
		var out bytes.Buffer
		e := NewEncoder(&out)
		e.Code(code)
		_ = e.Flush()
		again, ok := readCode(out.String())
		if !ok || writeResponseCode(again) != out.String() {
			t.Fatalf("%q was written as %q", text, out.String())
		}
	})
}

func readCode(text string) (imap.Code, bool) {
	frags, err := ResponseFragmentsOf([]byte("* OK "+text+"\r\n"), DefaultLimits())
	if err != nil || frags.Fault() != nil {
		return nil, false
	}
	d := NewDecoder(frags, Mode{}, DefaultLimits())
	d.pos = len("* OK ")
	code := d.Code()
	return code, d.Err() == nil && d.atEnd()
}

func writeResponseCode(code imap.Code) string {
	var out bytes.Buffer
	e := NewEncoder(&out)
	e.Code(code)
	_ = e.Flush()
	return out.String()
}

// Modified UTF-7 has one encoding for each text, and the decoder admits no other.
func FuzzUTF7(f *testing.F) {
	for _, seed := range []string{
		"INBOX", "&Jjo-", "&-", "~peter/mail/&U,BTFw-/&ZeVnLIqe-", "&Jjo!",
		"&U,BTFw-&ZeVnLIqe-", "&2D3eAA-", "&", "&AGE-", "a&A", "\u00e9\U0001f600&",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if decoded, err := DecodeUTF7(text); err == nil {
			if !utf8.ValidString(decoded) {
				t.Fatalf("%q was decoded to %q, which is not UTF-8", text, decoded)
			}
			if encoded := EncodeUTF7(decoded); encoded != text {
				t.Fatalf("%q was decoded to %q and encoded to %q", text, decoded, encoded)
			}
		}
		if decoded, err := DecodeUTF7(EncodeUTF7(text)); err != nil || decoded != string([]rune(text)) {
			t.Fatalf("%q came back as %q, %v", text, decoded, err)
		}
	})
}
