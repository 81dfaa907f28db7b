package imapserver

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/restante/restante/internal/mail"
)

var provenURL = regexp.MustCompile(`imap://[^ "\r\n]+:internal:[0-9a-f]{32,}`)

// prove returns a URL with its proof.
func (c *testClient) prove(rump string) string {
	c.t.Helper()
	url := provenURL.FindString(c.ok(`GENURLAUTH "` + rump + `" INTERNAL`))
	if !strings.HasPrefix(url, rump) {
		c.t.Fatalf("%s was proven as %s", rump, url)
	}
	return url
}

// A URL gives access to what its own user can read, to whom its access identifier
// names: everyone, a user in any spelling, or the servers of an application
// (RFC 4467 §3, RFC 5593 §3.3).
func TestURLAccess(t *testing.T) {
	server := startServer(t, func(o *Options) {
		o.URLAccess = map[string][]string{"Submit": {"u0003"}, "stream": {"u0004@localhost", "nobody"}, "mine": {"u0003", "u0004"}}
	})
	owner := server.login("u0001")
	owner.append("INBOX", "()", "a: b\r\n\r\nsecret text")
	for access, allowed := range map[string]string{
		"anonymous": "1234", "authuser": "1234", "user+u0001": "1", "user+u0002": "2", "user+u0002%40localhost": "2", "user+nobody": "",
		"submit+u0001": "3", "submit+somebody": "3", "SUBMIT+u0002": "3", "stream": "4", "mine": "34", "mine+x": "34",
	} {
		url := owner.prove("imap://u0001@mail.example.org/INBOX/;UID=1/;SECTION=TEXT;URLAUTH=" + access)
		for _, user := range []string{"1", "2", "3", "4"} {
			answer := server.login("u000" + user).ok(`URLFETCH "` + url + `"`)
			if got, want := strings.Contains(answer, "secret text"), strings.Contains(allowed, user); got != want {
				t.Errorf("%s: u000%s sees it: %v\n%s", access, user, got, answer)
			}
		}
	}
	owner.status(`GENURLAUTH "imap://u0001@h/INBOX/;UID=1;URLAUTH=yours" INTERNAL`, "BAD")
	owner.status(`GENURLAUTH "imap://u0002@h/INBOX/;UID=1;URLAUTH=authuser" INTERNAL`, "BAD")
	hasNot(t, owner.ok("URLFETCH imap://u0002@h/INBOX/;UID=1;URLAUTH=authuser:internal:"+strings.Repeat("0", 66)), "{")
}

// One user's RESETKEY does not touch URLs of another, and a URL that says another
// user is not proven by the first one's key.
func TestURLKeysAreOfUsers(t *testing.T) {
	server := startServer(t, nil)
	one, two := server.login("u0001"), server.login("u0002")
	one.append("INBOX", "()", "a: b\r\n\r\nfirst")
	two.append("INBOX", "()", "a: b\r\n\r\nsecond")
	first := one.prove("imap://u0001@h/INBOX/;UID=1;URLAUTH=authuser")
	second := two.prove("imap://u0002@h/INBOX/;UID=1;URLAUTH=authuser")
	has(t, two.ok(`URLFETCH "`+first+`"`), "first")
	hasNot(t, one.ok(`URLFETCH "`+strings.Replace(first, "u0001@", "u0002@", 1)+`"`), "second", "first")
	one.ok("RESETKEY")
	hasNot(t, two.ok(`URLFETCH "`+first+`"`), "{")
	has(t, one.ok(`URLFETCH "`+second+`"`), "second")
}

// The key of a mailbox goes with it, and not before.
func TestURLKeyGoesWithItsMailbox(t *testing.T) {
	server := startServer(t, nil)
	c := server.login("u0001")
	c.ok("CREATE x")
	c.prove("imap://u0001@h/x/;UID=1;URLAUTH=authuser")
	keys := func() (count int) {
		account, err := server.options.Store.Account(t.Context(), server.accountID("u0001"))
		if err != nil {
			t.Fatal(err)
		}
		err = account.Read(t.Context(), func(state mail.State) error {
			for _, err := range state.Entries("urlauth/") {
				count++
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, mail.ErrNoEntry) {
			t.Fatal(err)
		}
		return count
	}
	c.ok("RENAME x y")
	if keys() != 1 {
		t.Fatalf("there are %d keys of one mailbox", keys())
	}
	c.ok("DELETE y")
	if keys() != 0 {
		t.Fatalf("there are %d keys of no mailbox", keys())
	}
}

// How URLs are authorized is told under TLS alone, if that is wanted (RFC 4467 §10).
func TestURLMechNeedsTLS(t *testing.T) {
	server := startServer(t, func(o *Options) { o.URLMechNeedsTLS = true })
	c := server.login("u0001")
	hasNot(t, c.ok("SELECT INBOX"), "URLMECH")
	hasNot(t, c.ok("RESETKEY INBOX"), "URLMECH")
}

// accountID returns the identifier of a user's account.
func (s *testServer) accountID(user string) mail.AccountID {
	s.t.Helper()
	found, err := s.options.Auth.Directory().Account(s.t.Context(), user)
	if err != nil {
		s.t.Fatal(err)
	}
	return found.ID
}
