package transfer

import (
	"bytes"
	"cmp"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// maildirFolder is one maildir.
type maildirFolder struct {
	path     string
	uids     uidList
	keywords [26]imap.Flag // by the letters a to z
	files    []maildirFile
}

// maildirFile is one message of a maildir.
type maildirFile struct {
	name  string // with "cur/" or "new/"
	uid   imap.UID
	size  int64
	mtime int64
}

// list lists the messages, by UID, and those without one behind the others by
// name, which begins with the time of delivery. It returns their octets.
func (m *maildirFolder) list(report *Report) (octets int64) {
	for _, part := range []string{"cur", "new"} {
		entries, err := os.ReadDir(filepath.Join(m.path, part))
		if err != nil {
			if !os.IsNotExist(err) {
				report.problem(filepath.Join(m.path, part), "%v", err)
			}
			continue
		}
		for _, entry := range entries {
			if strings.HasPrefix(entry.Name(), ".") {
				continue
			}
			info, err := entry.Info()
			if err != nil || !info.Mode().IsRegular() {
				report.problem(filepath.Join(m.path, part, entry.Name()), "is not a regular file")
				continue
			}
			base, _ := splitFlags(entry.Name())
			m.files = append(m.files, maildirFile{
				part + "/" + entry.Name(), m.uids.uids[base], info.Size(), info.ModTime().Unix(),
			})
			octets += info.Size()
		}
	}
	m.uids.uids = nil
	slices.SortFunc(m.files, func(a, b maildirFile) int {
		const last = 1 << 32
		ua, ub := uint64(a.uid), uint64(b.uid)
		if ua == 0 {
			ua = last
		}
		if ub == 0 {
			ub = last
		}
		return cmp.Or(cmp.Compare(ua, ub), cmp.Compare(a.name[4:], b.name[4:]))
	})
	return octets
}

// splitFlags parts a file name from its flags: ":2," stands between them, or
// with ";" or "!" where a file system does not take the colon.
func splitFlags(name string) (base, flags string) {
	for i := len(name) - 3; i >= 0; i-- {
		if name[i+1] == '2' && name[i+2] == ',' && strings.IndexByte(":;!", name[i]) >= 0 {
			return name[:i], name[i+3:]
		}
	}
	return name, ""
}

// maildirFlags are the letters of the maildir convention. P is what Dovecot
// and IMAP know as the keyword for forwarded messages.
var maildirFlags = []struct {
	letter byte
	flag   imap.Flag
}{
	{'D', imap.FlagDraft}, {'F', imap.FlagFlagged}, {'P', imap.FlagForwarded},
	{'R', imap.FlagAnswered}, {'S', imap.FlagSeen}, {'T', imap.FlagDeleted},
}

func (m *maildirFolder) flags(letters string) []imap.Flag {
	var flags []imap.Flag
	for _, known := range maildirFlags {
		if strings.IndexByte(letters, known.letter) >= 0 {
			flags = append(flags, known.flag)
		}
	}
	for i, keyword := range m.keywords {
		if keyword != "" && strings.IndexByte(letters, byte('a'+i)) >= 0 {
			flags = append(flags, keyword)
		}
	}
	return flags
}

// date returns when a message arrived: the file's time, unless that is later
// than the time in its name, as after a copy that did not keep times.
func (f maildirFile) date() mail.Instant {
	unix := f.mtime
	seconds, _, _ := strings.Cut(f.name[4:], ".")
	if named, err := strconv.ParseInt(seconds, 10, 64); err == nil && named > 0 && named < unix {
		unix = named
	}
	return mail.InstantOf(time.Unix(unix, 0).UTC())
}

// messages yields the messages of the folder.
func (m *maildirFolder) messages(*Report) iter.Seq[*sourceMessage] {
	return func(yield func(*sourceMessage) bool) {
		for _, file := range m.files {
			base, letters := splitFlags(file.name[4:])
			path := filepath.Join(m.path, file.name)
			message := &sourceMessage{
				path: path, key: base, uid: file.uid, date: file.date(), flags: m.flags(letters), octets: file.size,
				write: func(w io.Writer) (string, error) { return base, copyFile(w, path) },
			}
			if !yield(message) {
				return
			}
		}
	}
}

// copyFile writes a message file with the line ends of the store.
func copyFile(w io.Writer, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	buffer := make([]byte, copyBuffer)
	has, err := hasCRLF(file, buffer)
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if !has {
		w = &crlfWriter{to: w}
	}
	for {
		n, err := file.Read(buffer)
		if n > 0 {
			if _, err := w.Write(buffer[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// hasCRLF reports whether any line ends in CR LF.
func hasCRLF(r io.Reader, buffer []byte) (bool, error) {
	last := byte(0)
	for {
		n, err := r.Read(buffer)
		if n > 0 {
			if last == '\r' && buffer[0] == '\n' || bytes.Contains(buffer[:n], []byte("\r\n")) {
				return true, nil
			}
			last = buffer[n-1]
		}
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
}
