package convert

import (
	"context"
	"strings"
	"testing"
	"time"
)

// The aim: HTML is read as a person would have written it in plain text.
func TestReadableHTML(t *testing.T) {
	for name, c := range map[string]struct{ html, want string }{
		"paragraphs": {"<html><head><title>T</title><style>p{}</style></head><body><p>One <b>two</b>\n three.</p><p>Four&nbsp;&amp;&lt;<br>five</p></body>",
			"One two three.\n\nFour &<\nfive\n"},
		"lists": {"<p>Take:</p><ul><li>eggs<li>milk<ol start=3><li>cow</li><li>goat</li></ol></ul><p>Done",
			"Take:\n\n* eggs\n* milk\n   3. cow\n   4. goat\n\nDone\n"},
		"quotes": {"<p>I say:</p><blockquote>You said<blockquote>He said</blockquote></blockquote><p>Bye",
			"I say:\n\n> You said\n>\n>> He said\n\nBye\n"},
		"links": {`<a href="https://example.org/a?b=1">Read this</a>, <a href="https://example.org/a?b=1">again</a>, <a href="https://example.org">example.org</a>, <a href="javascript:x()">no</a>, <a href="mailto:a@example.org">a@example.org</a> <a href="#x">top</a>`,
			"Read this [1], again [1], example.org, no, a@example.org top\n\n[1] https://example.org/a?b=1\n"},
		"table": {"<table><tr><th>Fruit<th>Price</tr><tr><td>Apples<td>1.20</tr><tr><td>Äpfel und mehr<td>10.00</table>",
			"Fruit           Price\nApples          1.20\nÄpfel und mehr  10.00\n"},
		"layout": {"<table><tr><td><table><tr><td><p>Left</p><p>more</p></td></tr></table></td><td>Right</td></tr></table>",
			"Left\n\nmore\n\nRight\n"},
		"preformatted":  {"<p>See</p><pre>a\n  b   c\n\nd</pre>", "See\n\na\n   b   c\n\nd\n"},
		"images":        {`<img src=x alt="A  cat"> <img src=y alt="" > <img src=z alt=pixel width=1 height=1>end`, "[A cat] end\n"},
		"hidden":        {`<div style="display: none">secret<div>more</div></div><p hidden>x<p>seen<script>if(a<b){}</script><!-- no -->`, "seen\n"},
		"stuffed":       {"<p>&gt; not a quote<p>From here", " > not a quote\n\n From here\n"},
		"bare":          {"no tags at all", "no tags at all\n"},
		"entity-rest":   {"a &unknown; &#x4e2d; &#0;", "a &unknown; 中 \ufffd\n"},
		"unclosed-head": {"<head><style>x{}</style><body>text", "text\n"},
		"lone-ends":     {"</td></table></ul></blockquote></pre>x</a>", "x\n"},
		"rules":         {"a<hr>b", "a\n\n--------------------\n\nb\n"},
	} {
		got, err := readableHTML(context.Background(), c.html)
		if want := strings.ReplaceAll(c.want, "\n", "\r\n"); err != nil || got != want {
			t.Errorf("%s: %v\n got %q\nwant %q", name, err, got, want)
		}
	}
}

// The aim: lines are broken where they may be joined again (RFC 3676 §4.2), and wide
// characters count twice.
func TestFlowedLines(t *testing.T) {
	words := strings.TrimSpace(strings.Repeat("wörter ", 40))
	got, _ := readableHTML(context.Background(), "<p>"+words+"</p><blockquote>"+words+"</blockquote>")
	lines := strings.Split(strings.TrimSuffix(got, "\r\n"), "\r\n")
	var joined strings.Builder
	for _, line := range lines {
		if n := columnsOfText(line); n > lineWidth+8 {
			t.Errorf("%d columns: %q", n, line)
		}
		joined.WriteString(strings.TrimPrefix(line, "> "))
		if !strings.HasSuffix(line, " ") {
			joined.WriteByte('\n')
		}
	}
	if joined.String() != words+"\n\n"+words+"\n" {
		t.Errorf("joined again it is %q", joined.String())
	}
	if head, _ := breakLine("漢字 漢字 x", 5); head != "漢字 " {
		t.Errorf("%q", head)
	}
}

// The aim: nesting, repetition and rubbish cost no more than their length.
func TestHostileHTML(t *testing.T) {
	const n = 100_000
	for name, document := range map[string]string{
		"divs": strings.Repeat("<div>", n), "tables": strings.Repeat("<table><tr><td>", n) + "x", "lists": strings.Repeat("<ul><li>x", n),
		"quotes": strings.Repeat("<blockquote>x", n), "links": strings.Repeat("<a href=http://x>", n), "open": strings.Repeat("<", n),
		"hidden": strings.Repeat("<p hidden>", n), "cells": "<table>" + strings.Repeat("<td>x", n), "rows": "<table>" + strings.Repeat("<tr>", n),
		"entities": strings.Repeat("&amp", n), "attributes": "<a " + strings.Repeat("a=b ", n) + ">", "ends": strings.Repeat("</table>", n),
		"one word": strings.Repeat("x", 10*n), "spaces": strings.Repeat(" x", n), "breaks": strings.Repeat("<br>", n), "pre": strings.Repeat("<pre>\n", n),
	} {
		start := time.Now()
		if _, err := readableHTML(context.Background(), document); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s takes %v", name, took)
		}
	}
}

// The aim: plain text shown as HTML says the same, and nothing of it is markup.
func TestTextToHTML(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		how  flow
		want string
	}{
		"escaped": {"a <b> & \"c\"\r\n  two\r\n", flow{}, "a &lt;b&gt; &amp; &#34;c&#34;<br>\n&nbsp; two<br>\n"},
		"quotes":  {"> > deep\r\n> one\r\nnone", flow{}, "<blockquote type=\"cite\">\n<blockquote type=\"cite\">\ndeep<br>\n</blockquote>\none<br>\n</blockquote>\nnone<br>\n"},
		"links": {"see (https://example.org/a?b=1&c=2), or http://x.", flow{},
			"see (<a href=\"https://example.org/a?b=1&amp;c=2\">https://example.org/a?b=1&amp;c=2</a>), or <a href=\"http://x\">http://x</a>.<br>\n"},
		"flowed":   {"one \r\ntwo\r\n>> three \r\n>> four\r\n -- \r\n>  stuffed\r\n", flow{flowed: true}, "one two<br>\n<blockquote type=\"cite\">\n<blockquote type=\"cite\">\nthree four<br>\n</blockquote>\n</blockquote>\n-- <br>\n<blockquote type=\"cite\">\n&nbsp;stuffed<br>\n</blockquote>\n"},
		"delsp":    {"漢 \r\n字", flow{flowed: true, delSp: true}, "漢字<br>\n"},
		"controls": {"a\x00\x1b[1mb", flow{}, "a[1mb<br>\n"},
	} {
		got := strings.ReplaceAll(htmlOf(c.text, "utf-8", c.how), "\r\n", "\n")
		_, got, _ = strings.Cut(got, "<body>\n")
		got = strings.TrimSuffix(got, "</body></html>\n")
		if got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
	result, err := run(t, "text/plain; charset=utf-8", []byte("5 €"), "text/html", "charset", "us-ascii")
	if err != nil || !strings.Contains(string(result.Octets), "5 &#8364;<br>") || !strings.Contains(string(result.Octets), `<meta charset="us-ascii">`) {
		t.Errorf("%q, %v", result.Octets, err)
	}
}

// The aim: text/enriched is read without its commands.
func TestEnriched(t *testing.T) {
	for text, want := range map[string]string{
		"<bold>Now</bold> is\nthe time\n\nfor <color><param>red</param>all</color> << good": "Now is the time\r\nfor all < good",
		"<nofill>a\nb</nofill>":         "a\r\nb",
		"open <bold and no end":         "open <bold and no end",
		"<param>hidden\nlines</param>x": "x",
	} {
		if got := plainOfEnriched(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
