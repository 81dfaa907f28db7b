package transfer

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/restante/restante/internal/mail"
)

// openMbox finds mbox files: one file, which is INBOX, or those below a
// directory, whose names are those of the mailboxes. Thunderbird keeps what
// lies below "Folder" in the directory "Folder.sbd", Apple Mail keeps a folder
// as "Folder.mbox/mbox".
func openMbox(path string, report *Report) (*source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	w := &mboxWalk{source: &source{}, report: report, seen: map[string]bool{}}
	if !info.IsDir() {
		w.file(path, info.Size(), []string{mail.Inbox})
		return w.source, nil
	}
	if _, err := os.ReadDir(path); err != nil {
		return nil, err
	}
	w.directory(path, nil)
	w.source.subscribed, w.source.hasList = readSubscriptions(path)
	return w.source, nil
}

type mboxWalk struct {
	source *source
	report *Report
	seen   map[string]bool
}

func (w *mboxWalk) directory(path string, levels []string) {
	entries, err := os.ReadDir(path)
	if err != nil {
		w.report.problem(path, "%v", err)
		return
	}
	if len(levels) > depthMax {
		w.report.problem(path, "lies too deep")
		return
	}
	for _, entry := range entries {
		name, below := entry.Name(), filepath.Join(path, entry.Name())
		switch {
		case strings.HasPrefix(name, ".") || isNoMbox(name):
		case entry.IsDir():
			w.directory(below, append(slices.Clone(levels), mboxLevel(name)))
		case !entry.Type().IsRegular():
			w.report.problem(below, "is not a regular file")
		default:
			info, err := entry.Info()
			if err != nil {
				w.report.problem(below, "%v", err)
				continue
			}
			named := append(slices.Clone(levels), mboxLevel(name))
			if name == "mbox" {
				if named = levels; len(levels) == 0 {
					named = []string{mail.Inbox}
				}
			}
			w.file(below, info.Size(), named)
		}
	}
}

// isNoMbox tells the files that lie beside mbox files.
func isNoMbox(name string) bool {
	if name == "subscriptions" || name == "courierimapsubscribed" || strings.HasPrefix(name, "dovecot") {
		return true
	}
	return slices.Contains([]string{".msf", ".dat", ".html", ".plist", ".lock", ".json", ".sqlite"}, filepath.Ext(name))
}

// mboxLevel returns the level of a mailbox name that a file name stands for.
func mboxLevel(name string) string {
	for _, suffix := range []string{".mbox", ".sbd", ".mbx"} {
		name = strings.TrimSuffix(name, suffix)
	}
	return decodeLevel(name)
}

// file adds an mbox file to the source. What the first message says of UIDs
// counts for all.
func (w *mboxWalk) file(path string, size int64, levels []string) {
	name, err := mail.NormalName(strings.Join(levels, mail.Separator))
	if err != nil {
		w.report.problem(path, "%q cannot name a mailbox: %v", strings.Join(levels, mail.Separator), err)
		return
	}
	first, err := firstHeader(path, size)
	if err != nil {
		w.report.problem(path, "%v", err)
		return
	}
	if w.seen[name] {
		w.report.problem(path, "another file is mailbox %q already", name)
		return
	}
	w.seen[name] = true
	m := &mboxFile{path: path, validity: first.validity != 0}
	f := &folder{name: name, path: path, validity: first.validity, messages: m.messages}
	if first.last != 0 {
		f.next = first.last + 1
	}
	w.source.octets += size
	w.source.folders = append(w.source.folders, f)
}

// firstHeader reads the first header of an mbox file. An empty file is an
// empty mailbox.
func firstHeader(path string, size int64) (mboxHeader, error) {
	file, err := os.Open(path)
	if err != nil {
		return mboxHeader{}, err
	}
	defer file.Close()
	lines := newMboxLines(file, size)
	for {
		line, err := lines.peek()
		if errors.Is(err, io.EOF) {
			return mboxHeader{}, nil
		}
		if err != nil {
			return mboxHeader{}, err
		}
		if !isBlank(line) {
			break
		}
		lines.take()
	}
	if !lines.atSeparator() {
		return mboxHeader{}, errNoSeparator
	}
	lines.take()
	return lines.readHeader()
}
