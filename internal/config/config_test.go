package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Aim: the reference page in the repository is the one the program makes.
// RESTANTE_UPDATE=1 writes it.
func TestReferenceIsCurrent(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "configuration.md")
	if os.Getenv("RESTANTE_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(Markdown()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != Markdown() {
		t.Error("docs/configuration.md is old; RESTANTE_UPDATE=1 go test ./internal/config writes it")
	}
}

// Aim: the example is a file that can be read, and says the defaults.
func TestExampleIsTheDefault(t *testing.T) {
	config, err := Parse([]byte(Example()))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(config, Default()) {
		t.Errorf("the example says\n%+v\nthe default is\n%+v", config, Default())
	}
}

// Aim: every key is documented and has a name in the file.
func TestEveryKeyIsDocumented(t *testing.T) {
	for _, s := range sections() {
		for _, e := range append(s.entries, entry{key: s.name + "?", doc: s.doc}) {
			if e.key == "" || !strings.HasSuffix(e.doc, ".") {
				t.Errorf("%s.%s: %q", s.name, e.key, e.doc)
			}
		}
	}
}

// Aim: what is wrong is refused by name and line.
func TestMistakesAreNamed(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"data = \"x\"\n\n[imap]\nidle_timeot = \"5m\"\n", `4:1: unknown key "imap.idle_timeot"`},
		{"[imapp]\nx = 1\n", `unknown key "imapp`},
		{"[server]\nimap = \":143\"\n", "2:8: cannot decode TOML string here: wanted is a list of strings"},
		{"[imap]\nidle_timeout = \"5 parsecs\"\n", "2:"},
		{"[imap]\nline_max = \"many\"\n", "is not a size"},
		{"[auth]\nargon_passes = \"2\"\n", "2:"},
		{"data = \n", "1:"},
		{"[tls]\nmin_version = \"1.1\"\n", "min_version"},
		{"[[tls.certificate]]\nfile = \"x\"\n", "needs file and key"},
		{"[auth]\nscram_iterations = 1\n", "4096"},
		{"[quota]\ndelivery = \"bounce\"\n", "quota.delivery"},
		{"[imap]\nadmin = \"the man upstairs\"\n", "imap.admin"},
		{"[quota]\nmessages = -1\n", "negative"},
	} {
		if _, err := Parse([]byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %s", test.text, err, test.want)
		}
	}
	path := filepath.Join(t.TempDir(), "restante.toml")
	if err := os.WriteFile(path, []byte("nonsense = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), path+":1:1: unknown key \"nonsense\"") {
		t.Errorf("loading: %v", err)
	}
}

// Aim: what a file says is what holds, and the rest is the default.
func TestParse(t *testing.T) {
	config, err := Parse([]byte("data = \"/var/mail\"\n[server]\nimap = [\":1143\"]\n[imap]\nline_max = \"128KiB\"\nidle_timeout = \"1h30m\"\n" +
		"[[tls.certificate]]\nfile = \"a\"\nkey = \"b\"\n[[tls.certificate]]\nfile = \"c\"\nkey = \"d\"\n[mail]\nmessage_max = \"25MB\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Data, want.Server.IMAP = "/var/mail", []string{":1143"}
	want.IMAP.LineMax, want.IMAP.IdleTime = 128<<10, Duration(90*time.Minute)
	want.TLS.Certificates = []Certificate{{"a", "b"}, {"c", "d"}}
	want.Mail.MessageMax = 25e6
	if !reflect.DeepEqual(config, want) {
		t.Errorf("got\n%+v\nwant\n%+v", config, want)
	}
}

// Aim: units read back what they write.
func TestUnits(t *testing.T) {
	for _, d := range []time.Duration{0, time.Millisecond, 90 * time.Second, time.Hour, 25 * time.Hour, time.Hour + time.Second} {
		text, _ := Duration(d).MarshalText()
		var back Duration
		if err := back.UnmarshalText(text); err != nil || back != Duration(d) {
			t.Errorf("%v: %s, %v, %v", d, text, back, err)
		}
	}
	for _, n := range []Size{0, 1, 1000, 1024, 3 << 20, 1 << 40, 12345} {
		text, _ := n.MarshalText()
		var back Size
		if err := back.UnmarshalText(text); err != nil || back != n {
			t.Errorf("%d: %s, %v, %v", n, text, back, err)
		}
	}
}
