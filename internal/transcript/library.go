package transcript

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Library is a set of cases and the messages that they share.
type Library struct {
	Cases    []*Case           // by path
	Messages map[string]string // by name, lines ended by CRLF
}

// caseSuffix ends the names of case files; messages end in ".eml".
const caseSuffix = ".case"

// Load reads every case and every message below the root of a file system.
// It refuses a library in which a line could not be understood when played.
func Load(files fs.FS) (Library, error) {
	l := Library{Messages: map[string]string{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		suffix := path.Ext(name)
		if suffix != caseSuffix && suffix != ".eml" {
			return nil
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		return l.add(name, suffix, string(text))
	})
	if err != nil {
		return l, err
	}
	slices.SortFunc(l.Cases, func(a, b *Case) int { return strings.Compare(a.Path, b.Path) })
	for _, c := range l.Cases {
		if err := l.check(c); err != nil {
			return l, err
		}
	}
	return l, nil
}

func (l *Library) add(name, suffix, text string) error {
	if suffix == ".eml" {
		short := strings.TrimSuffix(path.Base(name), suffix)
		if _, twice := l.Messages[short]; twice {
			return fmt.Errorf("%s: there is another message of this name", name)
		}
		l.Messages[short] = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
		return nil
	}
	c, err := ParseCase(strings.TrimSuffix(name, suffix), text)
	if err != nil {
		return err
	}
	l.Cases = append(l.Cases, c)
	return nil
}

// check parses every line once as if nothing were bound.
func (l *Library) check(c *Case) error {
	r := &caseRun{c: c, from: *l, vars: variables{"/": "/"}}
	for _, p := range c.mailbox {
		if _, err := r.message(p.message); err != nil && !strings.Contains(err.Error(), "has no value here") {
			return fmt.Errorf("%s: mailbox: %w", c.Path, err)
		}
	}
	for _, st := range c.steps {
		if err := r.checkStep(&st); err != nil {
			return fmt.Errorf("%s:%d: %w", c.Path, st.line, err)
		}
	}
	return nil
}

func (r *caseRun) checkStep(st *step) error {
	text, err := r.vars.expand(st.text)
	if err != nil {
		return err
	}
	if st.verb == "C" || st.verb == "C+" {
		if _, err := segments(text, r.anyMessage); err != nil {
			return err
		}
	}
	if err := st.checkWait(); err != nil {
		return err
	}
	for _, e := range st.expects {
		for _, d := range Dialects {
			if !e.when.holds(d) {
				continue
			}
			if err := r.checkLine(e, d); err != nil {
				return fmt.Errorf("line %d: %w", e.line, err)
			}
		}
	}
	return nil
}

// checkWait refuses S! and S? lines for which nothing would be read: where no command
// has a result, only what must come is waited for.
func (st *step) checkWait() error {
	if st.verb == "C" || st.verb == "C+" || len(st.expects) == 0 {
		return nil
	}
	awaited := false
	for _, e := range st.expects {
		if e.kind == mayDecline {
			return fmt.Errorf("line %d: S/ stands behind a command", e.line)
		}
		awaited = awaited || e.kind == mustCome || e.kind == mustFollow
	}
	if awaited {
		return nil
	}
	return fmt.Errorf("line %d: nothing is read for this line alone: write what must come, or send a command", st.expects[0].line)
}

func (r *caseRun) checkLine(e expectation, d Dialect) error {
	r.dialect = d
	text, err := r.translate(e)
	switch {
	case err != nil:
		return err
	case text == "closed" && e.kind != mustCome:
		return errors.New("\"closed\" stands behind S: alone")
	case text == "closed":
		return nil
	case e.kind == mayDecline && !strings.HasPrefix(text, "NO") && !strings.HasPrefix(text, "BAD"):
		return errors.New("S/ is followed by NO or BAD: what a server may do instead of it")
	}
	if text, err = everyVariable(text); err != nil {
		return err
	}
	expected, err := parseExpected(text, r.anyMessage, []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"})
	if err != nil {
		return err
	}
	return expected.checkShape()
}

// everyVariable expands a line as if every variable were 1, except where one
// is bound by "as".
func everyVariable(text string) (string, error) {
	text, err := variables{"/": "/"}.expand(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(text, unboundMark)
		if i < 0 {
			return b.String() + text, nil
		}
		n := nameLen(text[i+1:])
		b.WriteString(text[:i])
		if strings.HasSuffix(text[:i], " as ") {
			b.WriteString(text[i : i+1+n])
		} else {
			b.WriteByte('1')
		}
		text = text[i+1+n:]
	}
}

// anyMessage looks a message up, its variables left alone.
func (r *caseRun) anyMessage(name string) (string, error) {
	if text, ok := r.c.messages[name]; ok {
		return text, nil
	}
	return r.message(name)
}
