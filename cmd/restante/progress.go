package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress says how far a long operation has come.
type progress struct {
	What  string `json:"what"`
	Done  int64  `json:"done"`
	Total int64  `json:"total"` // 0: not known
}

// progressBar shows progress on a terminal, and nothing anywhere else. show
// may be called often; end clears the line.
func progressBar(to io.Writer) (show func(progress), end func()) {
	file, ok := to.(interface{ Fd() uintptr })
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return func(progress) {}, func() {}
	}
	var bar *progressbar.ProgressBar
	var what string
	var total int64
	finish := func() {
		if bar != nil {
			_ = bar.Clear()
		}
	}
	return func(p progress) {
		if bar == nil || p.What != what || p.Total != total {
			finish()
			what, total = p.What, p.Total
			size := total
			if size <= 0 {
				size = -1 // a spinner
			}
			bar = progressbar.NewOptions64(size, progressbar.OptionSetWriter(to), progressbar.OptionSetDescription(what),
				progressbar.OptionShowBytes(true), progressbar.OptionFullWidth(), progressbar.OptionThrottle(100*time.Millisecond))
		}
		_ = bar.Set64(p.Done)
	}, finish
}

// plural writes a number and its noun.
func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "x") {
		noun += "e"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
