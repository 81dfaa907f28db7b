package convert

import "strings"

// plainOfEnriched reads text/enriched, or its forerunner text/richtext, without
// its commands: "<<" is a "<", a single line end is a space, and of several one
// is taken away.
func plainOfEnriched(text string) string {
	var out strings.Builder
	text = strings.ReplaceAll(text, "\r\n", "\n")
	hidden, fixed := 0, 0
	for text != "" {
		at := strings.IndexAny(text, "<\n")
		if at < 0 {
			at = len(text)
		}
		if hidden == 0 {
			out.WriteString(text[:at])
		}
		if text = text[at:]; text == "" {
			break
		}
		if text[0] == '\n' {
			n := len(text) - len(strings.TrimLeft(text, "\n"))
			text = text[n:]
			writeEnrichedEnds(&out, n, fixed > 0, hidden > 0)
			continue
		}
		if strings.HasPrefix(text, "<<") {
			if hidden == 0 {
				out.WriteByte('<')
			}
			text = text[2:]
			continue
		}
		command, rest, ok := strings.Cut(text[1:], ">")
		if !ok {
			out.WriteString(text)
			break
		}
		text = rest
		switch strings.ToLower(command) {
		case "param":
			hidden++
		case "/param":
			hidden = max(0, hidden-1)
		case "nofill", "verbatim":
			fixed++
		case "/nofill", "/verbatim":
			fixed = max(0, fixed-1)
		case "lt":
			out.WriteByte('<')
		case "nl", "paragraph", "/paragraph":
			out.WriteString("\r\n")
		}
	}
	return out.String()
}

func writeEnrichedEnds(out *strings.Builder, ends int, fixed, hidden bool) {
	switch {
	case hidden:
	case fixed:
		out.WriteString(strings.Repeat("\r\n", ends))
	case ends == 1:
		out.WriteByte(' ')
	default:
		out.WriteString(strings.Repeat("\r\n", ends-1))
	}
}
