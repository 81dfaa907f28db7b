package transfer

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store"
	"github.com/restante/restante/internal/vfs"
)

// rig is a store in memory in which accounts come into being when they are
// named.
type rig struct {
	t      testing.TB
	faults *vfs.Faults
	store  *store.Store
}

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{t: t, faults: vfs.NewFaults(vfs.NewMem())}
	var err error
	r.store, err = store.Open(store.Options{FS: r.faults, Dir: "store", Logger: slog.New(slog.DiscardHandler)})
	r.must(err)
	t.Cleanup(func() { r.must(r.store.Close()) })
	return r
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) options(format Format, dir string, account mail.AccountID) Options {
	return Options{Store: r.store, Account: account, Format: format, Dir: dir}
}

func (r *rig) imports(format Format, dir string, account mail.AccountID) Report {
	r.t.Helper()
	report, err := Import(r.t.Context(), r.options(format, dir, account))
	r.must(err)
	return report
}

func (r *rig) exports(format Format, account mail.AccountID) string {
	r.t.Helper()
	dir := filepath.Join(r.t.TempDir(), "out")
	report, err := Export(r.t.Context(), r.options(format, dir, account))
	r.must(err)
	for _, problem := range report.Problems {
		r.t.Errorf("export: %s", problem)
	}
	return dir
}

// contents is a mailbox as a test compares it.
type contents struct {
	validity imap.UIDValidity
	next     imap.UID
	uses     []imap.MailboxAttr
	messages []string // UID, flags, date and text
}

// account reads everything an account has.
func (r *rig) account(id mail.AccountID) map[string]contents {
	r.t.Helper()
	account, err := r.store.Account(context.Background(), id)
	r.must(err)
	bodies := account.Bodies()
	defer bodies.Close()
	found := map[string]contents{}
	r.must(account.Read(context.Background(), func(state mail.State) error {
		for box, err := range state.Mailboxes("") {
			if err != nil {
				return err
			}
			c := contents{validity: box.UIDValidity, next: box.UIDNext, uses: box.SpecialUse}
			for m, err := range state.Messages(box.ID, imap.UIDSet{{Start: 1, Stop: 1 << 31}}) {
				if err != nil {
					return err
				}
				body, err := bodies.Open(m.Body)
				if err != nil {
					return err
				}
				text, err := io.ReadAll(io.NewSectionReader(body, 0, body.Size()))
				if err != nil {
					return err
				}
				flags := box.AppendFlags(nil, m.Flags)
				slices.Sort(flags)
				c.messages = append(c.messages, fmt.Sprintf("%d %v %d %q", m.UID, flags, m.InternalDate.Unix, text))
			}
			found[box.Name] = c
		}
		return nil
	}))
	return found
}

func (r *rig) subscriptions(id mail.AccountID) (names []string) {
	r.t.Helper()
	account, err := r.store.Account(context.Background(), id)
	r.must(err)
	r.must(account.Read(context.Background(), func(state mail.State) error {
		names = nil
		for name, err := range state.Subscriptions() {
			if err != nil {
				return err
			}
			names = append(names, name)
		}
		return nil
	}))
	return names
}

func (r *rig) wantMessages(id mail.AccountID, box string, want ...string) {
	r.t.Helper()
	if got := r.account(id)[box].messages; !slices.Equal(got, want) {
		r.t.Errorf("%s holds\n  %s\nwant\n  %s", box, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func (r *rig) wantProblems(report Report, parts ...string) {
	r.t.Helper()
	if int(report.ProblemCount) != len(report.Problems) {
		r.t.Errorf("%d problems are counted, %d listed", report.ProblemCount, len(report.Problems))
	}
	for _, problem := range report.Problems {
		at := slices.IndexFunc(parts, func(part string) bool { return strings.Contains(problem.String(), part) })
		if at < 0 {
			r.t.Errorf("unexpected problem: %s", problem)
			continue
		}
		parts = slices.Delete(parts, at, at+1)
	}
	for _, part := range parts {
		r.t.Errorf("no problem tells of %q", part)
	}
}

// files writes files below a new directory and returns it. Names that end in a
// slash are directories. Times are set to 1,000,000,000 and a second more for
// each.
func files(t testing.TB, texts ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(texts); i += 2 {
		path := filepath.Join(dir, filepath.FromSlash(texts[i]))
		if strings.HasSuffix(texts[i], "/") {
			if err := os.MkdirAll(path, 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(texts[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
		date := time.Unix(int64(1_000_000_000+i/2), 0)
		if err := os.Chtimes(path, date, date); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// tree reads all files below a directory.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		found[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
