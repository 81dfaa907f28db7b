package imapserver

import (
	"fmt"
	"strings"
	"testing"
)

// Mailboxes that have limits of their own say so and keep them, those below them
// too, and CAPABILITY then names no number (RFC 7889 §2, §3).
func TestAppendLimits(t *testing.T) {
	server := startServer(t, func(o *Options) { o.AppendLimits = map[string]int64{"Trash": 0, "Archive": 10, "inbox": 1 << 40} })
	c := server.login("u0001")
	text := c.ok("CAPABILITY")
	has(t, text, " APPENDLIMIT\n")
	hasNot(t, text, "APPENDLIMIT=")
	c.ok("CREATE Archive/2024/May")
	for name, limit := range map[string]string{"Trash": "0", "Archive": "10", "Archive/2024/May": "10", "Drafts": "67108864", "INBOX": "67108864"} {
		has(t, c.ok("STATUS "+name+" (APPENDLIMIT)"), "(APPENDLIMIT "+limit+")")
	}
	c.ok("APPEND Archive/2024/May {10+}\r\na: b\r\n\r\nef")
	c.status("APPEND Archive {11+}\r\na: b\r\n\r\nefg", "NO [TOOBIG]")
	c.status("APPEND Archive {11}", "NO [TOOBIG]") // it is not asked for
	c.status("APPEND Trash {1+}\r\na", "NO [TOOBIG]")
	c.ok("SELECT Archive/2024/May")
	c.status(`APPEND Archive CATENATE (URL ";UID=1" TEXT {1+}`+"\r\nx)", "NO [TOOBIG]")
	c.status(`APPEND Archive CATENATE (TEXT {1+}`+"\r\nx"+` URL ";UID=1")`, "NO [TOOBIG]")
	c.status(`REPLACE 1 Archive {11+}`+"\r\na: b\r\n\r\nefg", "NO [TOOBIG]")
	has(t, c.ok("STATUS Archive (MESSAGES)"), "(MESSAGES 0)")
	has(t, c.ok("STATUS Archive/2024/May (MESSAGES)"), "(MESSAGES 1)")
}

// A command of a few hundred octets cannot have messages without end copied: neither
// into one message, nor into many.
func TestCatenateCopiesAreBounded(t *testing.T) {
	const largest = 1 << 20
	server := startServer(t, func(o *Options) { o.Limits.LiteralMax = largest })
	c := server.login("u0001")
	c.append("INBOX", "()", "a: b\r\n\r\n"+strings.Repeat("x", largest-8))
	c.ok("SELECT INBOX")
	c.status(`APPEND INBOX CATENATE (URL ";UID=1" URL ";UID=1/;PARTIAL=0.1")`, "NO [TOOBIG]")
	one := ` CATENATE (URL ";UID=1")`
	c.ok("APPEND INBOX" + strings.Repeat(one, catenateCopiesMax))
	c.status("APPEND INBOX"+strings.Repeat(one, catenateCopiesMax+1), "NO [LIMIT]")
	has(t, c.ok("STATUS INBOX (MESSAGES)"), fmt.Sprintf("(MESSAGES %d)", 1+catenateCopiesMax))
}

// A URL that is too long is refused, as a literal before it is sent, and the next
// command works.
func TestCatenateLongURL(t *testing.T) {
	c := startServer(t, nil).login("u0001")
	c.status(fmt.Sprintf("APPEND INBOX CATENATE (URL {%d}", urlMax+1), "NO [LIMIT]")
	long := "/" + strings.Repeat("x", urlMax)
	c.status(`APPEND INBOX CATENATE (URL "`+long+`/;UID=1")`, "NO [")
	c.ok("NOOP")
}
