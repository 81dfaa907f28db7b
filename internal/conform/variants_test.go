package conform

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/restante/restante/internal/e2e"
	"github.com/restante/restante/internal/transcript"
	"github.com/restante/restante/testdata/transcripts"
)

// variants are the ways in which a case may ask for the server to be configured
// ("server:" in its header), as configuration files.
var variants = map[string]string{
	"messagelimit": "[imap]\nmessage_limit = 3\n",
	"utf8only":     "[imap]\nutf8_only = true\n",
	"refuse8bit":   "[imap]\nappend_8bit_headers = false\n",
	"tls":          "[auth]\ntls_always = true\n",
	"french":       "[imap]\nlanguage = \"fr\"\n",
	"literalminus": "[imap]\nliteral_minus = true\n",
	"savelimit":    "[imap]\nsave_limit = 3\n",
	"progress":     "[imap]\nprogress_interval = \"1ns\"\n",
	"appendlimits": "[imap]\nappend_limits = { Small = \"100B\", None = \"0B\" }\n",
	"teams":        "",
}

// prepared are commands that make what the cases of a variant rely on, besides
// its configuration (docs/transcripts.md). Such cases are played one by one, by
// the same three users.
var prepared = map[string][][]string{
	"teams": {
		{"group", "add", "support"},
		{"group", "join", "support", "u0002"},
		{"account", "add", "team", "--shared"},
		{"acl", "set", "team@example.org", "INBOX", "u0001", "lrswipkxtean"},
		{"acl", "set", "team@example.org", "INBOX", "$support", "lr"},
	},
}

// The aim: the cases that ask for a configuration of their own hold in it.
func TestOwnServerVariants(t *testing.T) {
	library, err := transcript.Load(transcripts.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range library.Cases {
		if _, known := variants[c.Server]; c.Server != "" && !known {
			t.Errorf("%s asks for a server %q, which no configuration is given for", c.Path, c.Server)
		}
	}
	for name, config := range variants {
		t.Run(name, func(t *testing.T) {
			if !slices.ContainsFunc(library.Cases, func(c *transcript.Case) bool { return c.Server == name }) {
				t.Fatal("no case asks for it")
			}
			playVariant(t, name, config)
		})
	}
}

// playVariant plays the cases of one configuration.
func playVariant(t *testing.T, name, config string) {
	file := filepath.Join(t.TempDir(), "restante.toml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	few, parallel := 4, 4
	if prepared[name] != nil {
		few, parallel = 3, 1
	}
	server := e2e.Start(t, few, "--config", file)
	for _, command := range prepared[name] {
		words := append([]string{command[0], command[1], "--data", server.Dir}, command[2:]...)
		e2e.Run(t, "", words...)
	}
	playOwn(t, Options{
		Address: server.Addresses["imap"], Users: "u%04d@example.org", Password: e2e.Password,
		Accounts: few, Parallel: parallel, Variant: name, Cases: os.Getenv("RESTANTE_CASES"),
	})
}
