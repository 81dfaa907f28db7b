package transfer

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/restante/restante/internal/mail"
)

// openMaildir finds the folders of a maildir: the directory itself is INBOX;
// below it are Maildir++ folders (".Parent.Child") or plain directories
// ("Parent/Child"), which have names in modified UTF-7.
func openMaildir(dir string, report *Report) (*source, error) {
	if _, err := os.ReadDir(dir); err != nil {
		return nil, err
	}
	s := &source{}
	w := &maildirWalk{source: s, report: report, seen: map[string]bool{}}
	w.directory(dir, nil)
	s.subscribed, s.hasList = readSubscriptions(dir)
	return s, nil
}

type maildirWalk struct {
	source *source
	report *Report
	seen   map[string]bool
}

// directory looks at one directory whose mailbox name has these levels.
func (w *maildirWalk) directory(path string, levels []string) {
	entries, err := os.ReadDir(path)
	if err != nil {
		w.report.problem(path, "%v", err)
		return
	}
	if len(levels) > depthMax {
		w.report.problem(path, "lies too deep")
		return
	}
	if isMaildir(entries) {
		w.folder(path, levels)
	}
	for _, entry := range entries {
		name := entry.Name()
		if !entry.IsDir() || name == "cur" || name == "new" || name == "tmp" {
			continue
		}
		below := slices.Clone(levels)
		if dotted, ok := strings.CutPrefix(name, "."); ok {
			if dotted == "" || strings.HasPrefix(dotted, ".") {
				continue
			}
			for level := range strings.SplitSeq(dotted, ".") {
				below = append(below, decodeLevel(level))
			}
		} else {
			below = append(below, decodeLevel(name))
		}
		w.directory(filepath.Join(path, name), below)
	}
}

func isMaildir(entries []fs.DirEntry) bool {
	return slices.ContainsFunc(entries, func(entry fs.DirEntry) bool {
		return entry.IsDir() && (entry.Name() == "cur" || entry.Name() == "new")
	})
}

// folder adds a folder to the source.
func (w *maildirWalk) folder(path string, levels []string) {
	name := mail.Inbox
	if len(levels) > 0 {
		name = strings.Join(levels, mail.Separator)
	}
	normal, err := mail.NormalName(name)
	if err != nil {
		w.report.problem(path, "%q cannot name a mailbox: %v", name, err)
		return
	}
	if w.seen[normal] {
		w.report.problem(path, "another directory is mailbox %q already", normal)
		return
	}
	w.seen[normal] = true
	m := &maildirFolder{path: path}
	m.readLists(w.report)
	w.source.octets += m.list(w.report)
	w.source.folders = append(w.source.folders, &folder{
		name: normal, path: path, validity: m.uids.validity, next: m.uids.next, messages: m.messages,
	})
}

// readSubscriptions reads the lists of Dovecot ("subscriptions", of version 1
// or 2) and of Courier.
func readSubscriptions(dir string) (names []string, found bool) {
	for _, file := range []string{"subscriptions", "courierimapsubscribed"} {
		version2 := false
		err := eachLine(filepath.Join(dir, file), func(line string) {
			separator := "."
			switch {
			case line == "":
				return
			case strings.HasPrefix(line, "V\t"):
				version2 = true
				return
			case version2:
				separator = "\t"
			case strings.Contains(line, "/"):
				separator = "/"
			}
			if file == "courierimapsubscribed" {
				line = strings.TrimPrefix(line, "INBOX.")
			}
			levels := strings.Split(line, separator)
			for i, level := range levels {
				levels[i] = decodeLevel(level)
			}
			if name, err := mail.NormalName(strings.Join(levels, mail.Separator)); err == nil {
				names = append(names, name)
			}
		})
		found = found || err == nil
	}
	return names, found
}
