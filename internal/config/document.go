package config

import (
	"fmt"
	"reflect"
	"strings"
)

// entry is one key, as the reference has it.
type entry struct {
	key   string
	value string // its default, as TOML
	doc   string
}

// section is one table of the file; the first has no name.
type section struct {
	name    string
	doc     string
	entries []entry
}

// sections walks the struct: its tags and the defaults are the only source.
func sections() []section {
	top := section{doc: "Before the first table."}
	var tables []section
	value := reflect.ValueOf(Default())
	for i := range value.NumField() {
		field, at := value.Type().Field(i), value.Field(i)
		if at.Kind() != reflect.Struct {
			top.entries = append(top.entries, entryOf(field, at))
			continue
		}
		table := section{name: field.Tag.Get("toml"), doc: field.Tag.Get("doc")}
		for j := range at.NumField() {
			table.entries = append(table.entries, entryOf(at.Type().Field(j), at.Field(j)))
		}
		tables = append(tables, table)
	}
	return append([]section{top}, tables...)
}

func entryOf(field reflect.StructField, value reflect.Value) entry {
	return entry{field.Tag.Get("toml"), literal(value), field.Tag.Get("doc")}
}

// literal writes a default as TOML.
func literal(value reflect.Value) string {
	switch v := value.Interface().(type) {
	case Duration:
		return fmt.Sprintf("%q", v.String())
	case Size:
		return fmt.Sprintf("%q", v.String())
	case string:
		return fmt.Sprintf("%q", v)
	case []string:
		quoted := make([]string, len(v))
		for i, s := range v {
			quoted[i] = fmt.Sprintf("%q", s)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case []Certificate:
		return "[]"
	}
	if value.Kind() == reflect.Map {
		return "{}"
	}
	return fmt.Sprint(value.Interface())
}

// Example returns a file that sets every key to its default.
func Example() string {
	var b strings.Builder
	b.WriteString("# Restante's configuration: every key, with its default. Keys that are left\n# out have these values; unknown keys are refused.\n")
	for _, s := range sections() {
		b.WriteString("\n")
		if s.name != "" {
			fmt.Fprintf(&b, "# %s\n[%s]\n", s.doc, s.name)
		}
		for _, e := range s.entries {
			for _, line := range wrap(e.doc, 76) {
				fmt.Fprintf(&b, "# %s\n", line)
			}
			if e.key == "certificate" {
				b.WriteString("# [[tls.certificate]]\n# file = \"/etc/restante/fullchain.pem\"\n# key = \"/etc/restante/privkey.pem\"\n")
				continue
			}
			fmt.Fprintf(&b, "%s = %s\n", e.key, e.value)
		}
	}
	return b.String()
}

// Markdown returns the reference page.
func Markdown() string {
	var b strings.Builder
	b.WriteString("# Configuration\n\n`restante serve --config FILE` reads a TOML file. This page is made from the program by\n" +
		"`restante config --markdown`; `restante config` prints a file with every key. Unknown keys are\nrefused by name and line. " +
		"Time spans are written as `\"90s\"` or `\"30m\"`, sizes as `\"64KiB\"` or `\"25MB\"`.\nSIGHUP reads the file again: " +
		"certificates, domains and the log level change at once, the rest with the next start.\n")
	for _, s := range sections() {
		title := "The top of the file"
		if s.name != "" {
			title = "`[" + s.name + "]`"
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| Key | Default | Meaning |\n|---|---|---|\n", title, s.doc)
		for _, e := range s.entries {
			fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", e.key, e.value, e.doc)
			if e.key == "certificate" {
				for _, part := range []reflect.StructField{field(Certificate{}, 0), field(Certificate{}, 1)} {
					fmt.Fprintf(&b, "| `certificate.%s` | | %s |\n", part.Tag.Get("toml"), part.Tag.Get("doc"))
				}
			}
		}
	}
	return b.String()
}

func field(value any, i int) reflect.StructField { return reflect.TypeOf(value).Field(i) }

// wrap breaks a text into lines.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
