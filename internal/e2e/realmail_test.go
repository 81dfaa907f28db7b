package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/restante/restante/internal/realmail"
)

// The aim: every real message, however broken, is delivered, comes back octet
// for octet behind its trace lines, is described by ENVELOPE and
// BODYSTRUCTURE, and each part that BODYSTRUCTURE names can be fetched, with
// the size it names.
func TestRealMail(t *testing.T) {
	messages := realmail.Deliverable(t)
	server := Start(t, 1)
	server.Deliver(t, "u0001@example.org", messages...)
	c := dialClient(t, server)
	c.must("SELECT INBOX")
	const portion = 100
	parts := 0
	for first := 1; first <= len(messages); first += portion {
		last := min(first+portion-1, len(messages))
		got := fetched(t, c.must(fmt.Sprintf("FETCH %d:%d (RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[])", first, last)))
		for n := first; n <= last; n++ {
			items := got[n]
			body, _ := items["BODY[]"].(string)
			if !strings.HasSuffix(body, string(messages[n-1])) || !strings.HasPrefix(body, "Return-Path: <sender@example.net>\r\nReceived: ") {
				t.Fatalf("message %d did not come back as it was sent", n)
			}
			if size := fmt.Sprint(len(body)); items["RFC822.SIZE"] != size {
				t.Errorf("message %d: RFC822.SIZE is %v, its octets are %s", n, items["RFC822.SIZE"], size)
			}
			if envelope, ok := items["ENVELOPE"].([]any); !ok || len(envelope) != 10 {
				t.Errorf("message %d: ENVELOPE is %v", n, items["ENVELOPE"])
			}
			structure, ok := items["BODYSTRUCTURE"].([]any)
			if !ok {
				t.Fatalf("message %d: BODYSTRUCTURE is %v", n, items["BODYSTRUCTURE"])
			}
			parts += checkParts(t, c, n, structure)
		}
	}
	t.Logf("%d messages, %d parts", len(messages), parts)
	if parts < len(messages) {
		t.Errorf("only %d parts were named", parts)
	}
}

// checkParts fetches every part that a structure names and compares sizes. It
// returns how many there were.
func checkParts(t *testing.T, c *client, n int, structure []any) int {
	t.Helper()
	leaves := leavesOf(structure, "")
	if len(leaves) == 0 {
		t.Errorf("message %d: BODYSTRUCTURE names no part", n)
		return 0
	}
	const atOnce = 50
	for rest := leaves; len(rest) > 0; rest = rest[min(atOnce, len(rest)):] {
		var wanted []string
		for _, leaf := range rest[:min(atOnce, len(rest))] {
			wanted = append(wanted, "BODY.PEEK["+leaf.section+"]")
		}
		got := fetched(t, c.must(fmt.Sprintf("FETCH %d (%s)", n, strings.Join(wanted, " "))))[n]
		for _, leaf := range rest[:len(wanted)] {
			text, ok := got["BODY["+leaf.section+"]"].(string)
			if !ok || fmt.Sprint(len(text)) != leaf.octets {
				t.Errorf("message %d: part %s has %d octets, BODYSTRUCTURE says %s", n, leaf.section, len(text), leaf.octets)
			}
		}
	}
	return len(leaves)
}

// leaf is a part without parts of its own.
type leaf struct{ section, octets string }

// leavesOf walks a BODYSTRUCTURE (RFC 9051 §7.5.2): a list that begins with a
// list is a multipart; in a leaf the size stands seventh.
func leavesOf(structure []any, prefix string) []leaf {
	if _, multipart := structure[0].([]any); !multipart {
		section := prefix
		if section == "" {
			section = "1"
		}
		leaves := []leaf{{section, fmt.Sprint(structure[6])}}
		if strings.EqualFold(fmt.Sprint(structure[0]), "message") && len(structure) > 8 {
			if inner, ok := structure[8].([]any); ok {
				// The parts of a multipart inside count on below the
				// message; a single part inside is part 1 of it.
				if _, multipart := inner[0].([]any); multipart {
					leaves = append(leaves, leavesOf(inner, section)...)
				} else {
					leaves = append(leaves, leavesOf(inner, section+".1")...)
				}
			}
		}
		return leaves
	}
	var leaves []leaf
	for i, part := range structure {
		inner, ok := part.([]any)
		if !ok {
			break
		}
		section := fmt.Sprint(i + 1)
		if prefix != "" {
			section = prefix + "." + section
		}
		leaves = append(leaves, leavesOf(inner, section)...)
	}
	return leaves
}
