package imapserver

import (
	"bufio"
	"crypto/tls"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/restante/restante/internal/config"
	"github.com/restante/restante/internal/language"
)

// saying is a command, what its last line says after the tag in English, and
// what in the language.
type saying struct{ command, english, translated string }

func comeInOrder(lines string, parts ...string) bool {
	for _, part := range parts {
		_, rest, found := strings.Cut(lines, part)
		if !found {
			return false
		}
		lines = rest
	}
	return true
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// The aim: texts change with the LANGUAGE response and not before (RFC 5255 §3.2),
// for refusals, successes, continuations and untagged responses, and change
// back; and the log stays English.
func TestLanguageChangesTexts(t *testing.T) {
	for _, c := range []struct {
		tag, namespace string
		says           []saying
	}{
		{"de", `"TRANSLATION" ("Andere Benutzer/"))) (("Shared/" "/" "TRANSLATION" ("Gemeinsame Ordner/")))`, []saying{
			{"NOOP", "OK NOOP completed", "OK NOOP ist ausgeführt"},
			{"SELECT Nowhere", "NO [NONEXISTENT] No such mailbox", "NO [NONEXISTENT] Dieses Postfach gibt es nicht"},
			{"FETCH 1 FLAGS", "BAD No mailbox is selected", "BAD Kein Postfach ist ausgewählt"},
			{"CREATE", "BAD a space is missing at octet ", "BAD ein Leerzeichen fehlt bei Oktett "},
			{"SELECT INBOX", "] Next UID", "] Nächste UID"},
			{"SELECT INBOX", "OK [READ-WRITE] Selected", "OK [READ-WRITE] Ausgewählt"},
			{"XYZ", "BAD Unknown command", "BAD Unbekannter Befehl"},
			{"APPEND INBOX {3}\r\nx\r\n", "+ Ready for literal", "+ Bereit für das Literal"},
			{"LANGUAGE xx", "NO None of these languages is spoken here", "NO Keine dieser Sprachen wird hier gesprochen"},
		}},
		{"ja", `"TRANSLATION" ("&`, []saying{
			{"NOOP", "OK NOOP completed", "OK NOOP を完了しました"},
			{"SELECT Nowhere", "NO [NONEXISTENT] No such mailbox", "NO [NONEXISTENT] そのメールボックスはありません"},
			{"DELETE INBOX", "NO [CANNOT] Not possible with INBOX", "NO [CANNOT] INBOX に対してはできません"},
			{"CREATE (", "BAD an atom or string is missing at octet", "BAD アトムまたは文字列がありません（"},
			{"LOGIN a b", "BAD Already logged in", "BAD すでにログインしています"},
			{"GETQUOTA nothing", "NO [NOPERM] Only an administrator can do this", "NO [NOPERM] 管理者だけができる操作です"},
		}},
	} {
		t.Run(c.tag, func(t *testing.T) {
			log := new(lockedBuffer)
			server := startServer(t, func(o *Options) {
				o.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			client := server.login("u0001")
			for _, s := range c.says {
				answer := strings.Join(client.do(s.command), "\n")
				if has(t, answer, s.english); !isASCII(answer) {
					t.Fatalf("before LANGUAGE: %s", answer)
				}
			}
			client.do("UNSELECT")
			hasNot(t, client.ok("NAMESPACE"), "TRANSLATION")
			after := language.All().Match([]string{c.tag}).Translate("Now speaking this language")
			answer := client.ok("LANGUAGE xx " + c.tag)
			if !comeInOrder(answer, "* LANGUAGE ("+c.tag+")", "* NAMESPACE ", c.namespace, "OK "+after) {
				t.Fatalf("LANGUAGE: %s", answer)
			}
			for _, s := range c.says {
				has(t, strings.Join(client.do(s.command), "\n"), s.translated)
			}
			has(t, client.ok("NAMESPACE"), c.namespace)
			answer = client.ok("LANGUAGE i-default")
			if has(t, answer, "Now speaking this language"); !isASCII(answer) {
				t.Fatalf("i-default: %s", answer)
			}
			client.ok("LANGUAGE " + c.tag)
			has(t, client.ok("LOGOUT"), "* BYE "+language.All().Match([]string{c.tag}).Translate("Logging out"))
			if text := log.String(); !isASCII(text) || !strings.Contains(text, "No such mailbox") {
				t.Errorf("the log is not English:\n%s", text)
			}
		})
	}
}

// The aim: "default" is what the administrator prefers, and only for those who
// ask; every connection begins in ASCII (RFC 5255 §3.1, §3.2).
func TestDefaultLanguage(t *testing.T) {
	server := startServer(t, func(o *Options) { o.Language, o.ServerName = "fr", "b\u00fccher.example" })
	client := server.dial() // reads the greeting
	if answer := client.status("SELECT INBOX", "BAD"); !isASCII(answer) {
		t.Fatal(answer)
	}
	answer := client.ok(`LANGUAGE "DEFAULT"`)
	has(t, answer, "* LANGUAGE (fr)", "Désormais dans cette langue")
	hasNot(t, answer, "NAMESPACE") // nobody has logged in
	has(t, client.ok("LOGIN u0001 secret"), "Vous êtes connecté")
	other := server.login("u0001")
	has(t, other.ok("NOOP"), "NOOP completed")
}

// The aim: whoever chose a language without TLS may have been an attacker
// (RFC 5255 §7): it is forgotten when TLS begins.
func TestStartTLSForgetsLanguage(t *testing.T) {
	c := startServer(t, nil).dial()
	has(t, c.ok("LANGUAGE zh"), "现在起使用该语言")
	has(t, c.ok("STARTTLS"), "请立即开始 TLS 协商")
	secure := tls.Client(c.conn, &tls.Config{InsecureSkipVerify: true})
	if err := secure.Handshake(); err != nil {
		t.Fatal(err)
	}
	c.conn, c.r = secure, bufio.NewReader(secure)
	has(t, c.ok("NOOP"), "NOOP completed")
}

// The aim: what the configuration may name is what is spoken.
func TestConfiguredLanguages(t *testing.T) {
	if got, want := strings.Join(config.Languages, " "), strings.Join(language.All().Tags(), " "); got != want {
		t.Errorf("imap.language can be %s, and spoken are %s", got, want)
	}
}
