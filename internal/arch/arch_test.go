package arch

import (
	"slices"
	"strings"
	"testing"

	"github.com/restante/restante/internal/source"
)

// protocolRooms is what a protocol may see.
var protocolRooms = []string{
	"imap", "imap/imapwire", "internal/auth", "internal/convert", "internal/delivery", "internal/mail",
	"internal/language", "internal/mailview", "internal/message", "internal/obs", "internal/query", "internal/netserve", "internal/deflate",
}

// policy says which rooms of ours each room may import, outside its tests. A
// room not listed may import nothing of ours. "*" admits every room, for the
// wiring.
var policy = map[string][]string{
	"cmd/restante":  {"*"},
	"imap":          {},
	"imap/imapwire": {"imap"},

	"internal/mail":     {"imap", "internal/message"},
	"internal/mailview": {"imap", "internal/mail"},
	"internal/message":  {},
	"internal/query":    {"imap", "internal/message"},
	"internal/convert":  {"imap", "internal/message"},

	"internal/vfs":                       {},
	"internal/store/journal":             {"internal/vfs"},
	"internal/store/journal/journaltest": {"internal/store/journal", "internal/vfs"},
	"internal/store/index":               {"imap", "internal/mail", "internal/message", "internal/store/journal", "internal/vfs"},
	"internal/store":                     {"imap", "internal/mail", "internal/message", "internal/store/index", "internal/store/journal", "internal/vfs"},
	"internal/sim":                       {"imap", "internal/mail", "internal/message", "internal/store", "internal/store/index", "internal/store/journal", "internal/vfs"},
	"internal/mail/mailtest":             {"imap", "internal/mail", "internal/message"},

	"internal/imapserver":    protocolRooms,
	"internal/pop3server":    protocolRooms,
	"internal/lmtp":          append(protocolRooms, "internal/smtp"),
	"internal/smtp":          protocolRooms,
	"internal/delivery":      {"imap", "internal/auth", "internal/mail", "internal/message", "internal/obs"},
	"internal/transfer":      {"imap", "internal/mail", "internal/message"},
	"internal/auth":          {"internal/auth/bearer", "internal/mail", "internal/obs"},
	"internal/auth/bearer":   {},
	"internal/auth/authtest": {},
	"internal/config":        {},
	"internal/obs":           {},
	"internal/netserve":      {},
	"internal/deflate":       {},
	"internal/language":      {},

	"internal/transcript": {},
	"internal/conform":    {"internal/transcript", "testdata/transcripts"},
	"internal/bench":      {},
	"internal/source":     {},
	"internal/realmail":   {"internal/source"},
	"internal/arch":       {},
	"internal/demands":    {},
	"internal/tidy":       {},
	"internal/e2e":        {"internal/source"},
}

// The aim: every arrow between rooms is one the policy names.
func TestImportsFollowThePolicy(t *testing.T) {
	files, err := source.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file.Test {
			continue
		}
		allowed, known := policy[file.Package]
		if !known {
			t.Errorf("%s: the room %q is not in the import policy; say there what it may see", file.Path, file.Package)
			continue
		}
		for _, path := range file.Imports() {
			room, ours := strings.CutPrefix(path, source.Module+"/")
			if ours && !slices.Contains(allowed, "*") && !slices.Contains(allowed, room) {
				t.Errorf("%s imports %s, which the policy does not admit", file.Path, room)
			}
		}
	}
}

// The aim: nobody can take a public package and get our dependencies with it.
func TestPublicPackagesDependOnTheStandardLibraryAlone(t *testing.T) {
	files, err := source.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file.Test || strings.HasPrefix(file.Package, "internal/") || strings.HasPrefix(file.Package, "cmd/") {
			continue
		}
		for _, path := range file.Imports() {
			first, _, _ := strings.Cut(path, "/")
			foreign := strings.Contains(first, ".") && first != "golang.org"
			if foreign && !strings.HasPrefix(path, source.Module+"/") {
				t.Errorf("%s imports %s; a public package has only the standard library and golang.org/x", file.Path, path)
			}
		}
	}
}

// The aim: protocols do not reach for the disk behind mail's back, not even
// with the standard library.
func TestProtocolsDoNotTouchTheDisk(t *testing.T) {
	files, err := source.Files()
	if err != nil {
		t.Fatal(err)
	}
	rooms := []string{"internal/imapserver", "internal/pop3server", "internal/lmtp", "internal/smtp", "internal/delivery", "internal/mailview", "internal/query", "internal/message", "internal/mail"}
	for _, file := range files {
		if file.Test || !slices.Contains(rooms, file.Package) {
			continue
		}
		for _, path := range file.Imports() {
			if path == "os" || path == "io/ioutil" || path == "path/filepath" {
				t.Errorf("%s imports %s; only the store sees the disk", file.Path, path)
			}
		}
	}
}

// The aim: the policy itself admits no arrow that the four rules forbid.
func TestPolicyKeepsTheFourRules(t *testing.T) {
	protocols := []string{"internal/imapserver", "internal/pop3server", "internal/lmtp", "internal/smtp"}
	disk := []string{"internal/store", "internal/store/journal", "internal/store/index", "internal/vfs"}
	for _, protocol := range protocols {
		for _, room := range disk {
			if slices.Contains(policy[protocol], room) {
				t.Errorf("%s may see %s", protocol, room)
			}
			if slices.Contains(policy[room], protocol) {
				t.Errorf("%s may see %s", room, protocol)
			}
		}
	}
	if len(policy["imap"]) != 0 {
		t.Error("the vocabulary imports something of ours")
	}
	if slices.Contains(policy["imap/imapclient"], "internal/imapserver") || slices.Contains(policy["internal/imapserver"], "imap/imapclient") {
		t.Error("client and server see each other")
	}
}
