package config

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Load reads a file over the defaults. What it cannot read it names, with the
// line: keys that do not exist are refused, so that a slip of the pen does not
// silently leave a default in force.
func Load(path string) (Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Config{}, err
	}
	config, err := Parse(text)
	if err != nil {
		return config, fmt.Errorf("%s:%w", path, err)
	}
	return config, nil
}

// Parse reads a file's text over the defaults. Its errors begin with the line.
func Parse(text []byte) (Config, error) {
	config := Default()
	decoder := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	err := decoder.Decode(&config)
	var unknown *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		return config, unknownKeys(unknown)
	case errors.As(err, &wrong):
		line, column := wrong.Position()
		return config, fmt.Errorf("%d:%d: %s", line, column, wanted(strings.TrimPrefix(wrong.Error(), "toml: ")))
	case err != nil:
		return config, fmt.Errorf(" %w", err)
	}
	return config, config.check()
}

// wanted says what a key takes in the words of TOML; the decoder names the
// program's own types.
func wanted(text string) string {
	before, kind, ok := strings.Cut(text, " of type ")
	if !ok {
		return text
	}
	switch kind {
	case "[]string":
		kind = "a list of strings"
	case "string":
		kind = "a string"
	case "bool":
		kind = "true or false"
	case "int", "int64", "uint32":
		kind = "a number"
	default:
		return text
	}
	before, _, _ = strings.Cut(before, " into ")
	return before + " here: wanted is " + kind
}

// unknownKeys names each key that does not exist, and where it stands.
func unknownKeys(err *toml.StrictMissingError) error {
	var lines []string
	for _, e := range err.Errors {
		line, column := e.Position()
		key := strings.Join(e.Key(), ".")
		lines = append(lines, fmt.Sprintf("%d:%d: unknown key %q", line, column, key))
	}
	return fmt.Errorf("%s (restante config prints every key)", strings.Join(lines, "; "))
}

// check refuses values that cannot work together.
func (c Config) check() error {
	switch {
	case c.TLS.MinVersion != "1.2" && c.TLS.MinVersion != "1.3":
		return fmt.Errorf(" tls.min_version is %q; it can be \"1.2\" or \"1.3\"", c.TLS.MinVersion)
	case c.OAuth.Issuer != "" && c.OAuth.Introspection == "" && c.OAuth.Audience == "":
		return errors.New(" oauth.audience is empty; a token must say that it is meant for this server")
	case c.Quota.Delivery != "defer" && c.Quota.Delivery != "reject":
		return fmt.Errorf(" quota.delivery is %q; it can be \"defer\" or \"reject\"", c.Quota.Delivery)
	case c.Quota.Storage < 0 || c.Quota.Messages < 0 || c.Quota.Mailboxes < 0 || c.Quota.AnnotationStorage < 0:
		return errors.New(" a limit of quota is negative; 0 is no limit")
	case !isURI(c.IMAP.Admin):
		return fmt.Errorf(" imap.admin is %q, which is no URI", c.IMAP.Admin)
	case c.IMAP.ConvertText != "text/plain" && c.IMAP.ConvertText != "text/html":
		return fmt.Errorf(" imap.convert_text is %q; it can be \"text/plain\" or \"text/html\"", c.IMAP.ConvertText)
	case !slices.Contains([]string{"image/jpeg", "image/png", "image/gif", "image/webp"}, c.IMAP.ConvertImage):
		return fmt.Errorf(" imap.convert_image is %q; it can be \"image/jpeg\", \"image/png\", \"image/gif\" or \"image/webp\"", c.IMAP.ConvertImage)
	case c.IMAP.Language != "" && !slices.Contains(Languages, c.IMAP.Language):
		return fmt.Errorf(" imap.language is %q; it can be empty or one of %s", c.IMAP.Language, strings.Join(Languages, ", "))
	case c.Data == "":
		return errors.New(" data is empty; it names the directory of the store")
	case c.Auth.ArgonLanes < 1 || c.Auth.ArgonLanes > 64 || c.Auth.ArgonPasses < 1 || c.Auth.ArgonPasses > 64:
		return errors.New(" auth.argon_lanes and auth.argon_passes can be 1 to 64")
	case c.Auth.ArgonMemory < 8<<10 || c.Auth.ArgonMemory > 1<<30:
		return errors.New(" auth.argon_memory can be 8KiB to 1GiB")
	case c.Auth.ScramIterations < 4096:
		return errors.New(" auth.scram_iterations is below 4096, which RFC 7677 asks for at least")
	}
	for _, certificate := range c.TLS.Certificates {
		if certificate.Certificate == "" || certificate.Key == "" {
			return errors.New(" a tls.certificate needs file and key")
		}
	}
	return nil
}

// Languages are those that imap.language can be.
var Languages = []string{"de", "en", "es", "fr", "ja", "zh"}

// isURI reports whether a text that is not empty is a URI (RFC 5464 §3.2.1.1).
func isURI(text string) bool {
	parsed, err := url.Parse(text)
	return text == "" || err == nil && parsed.Scheme != ""
}
