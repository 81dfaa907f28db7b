package transcript

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// stressClient is one client: what it was told, and what it must still be.
type stressClient struct {
	*session
	stress      *Stress
	number      int
	connections int
	dialect     Dialect
	// guest is the second user, to whom the first's mailboxes are shared under
	// other names (RFC 4314, RFC 2342); abroad is what those begin with.
	guest  bool
	abroad string

	box       *stressBox // the selected mailbox, nil for none
	readOnly  bool
	dimmed    bool // for a while nothing could be changed in it
	selection int
	view      []*stressMessage        // by message number
	last      uint32                  // the largest UID that it was told of
	heard     int                     // how many commands all had given when it gave its last
	stale     map[*stressMessage]bool // flags changed, and not told
	saved     map[*stressMessage]bool // "$"
	caches    map[*stressBox]*stressCache
}

// stressCache is what a client keeps of a mailbox that it has left.
type stressCache struct {
	modseq uint64
	flags  map[*stressMessage]stressFlags
}

// leave forgets the selected mailbox.
func (c *stressClient) leave() {
	c.box, c.view, c.last = nil, nil, 0
	c.stale, c.saved = map[*stressMessage]bool{}, map[*stressMessage]bool{}
}

// want is what a command's answer must be.
type want struct {
	status string // OK or NO
	// hold says that removals must not be announced, loose that they need not.
	hold, loose bool
	// fetched are the messages that a FETCH response must come for, and items
	// the names that it must hold.
	fetched map[*stressMessage]bool
	items   []string
	only    bool // no other message may come, but for changes by others
	// news are the messages with changes by others that were not told before:
	// they may be told more than once.
	news map[*stressMessage]bool
	// slept says that there were more changes since the client's last command than
	// a server may care to keep: it may tell again what it cannot know to be known.
	slept bool
	// take judges a response of another kind; it reports whether it knew it.
	take func(*Response) (bool, error)
	// done judges the tagged response.
	done func(*Response) error
}

// give sends a command and holds the answer to what is wanted.
func (c *stressClient) give(w want, text string, literal ...*sentLiteral) error {
	c.inbox = nil
	c.stress.given++
	w.slept = c.stress.given-c.heard > stressSleep
	c.heard = c.stress.given
	parts := []segment{{text: text}}
	if len(literal) > 0 {
		parts = []segment{{text, literal[0]}, {}}
	}
	r, err := c.command(parts...)
	if err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	return c.judge(w, text, r)
}

// judge goes through the answer.
func (c *stressClient) judge(w want, text string, tagged *Response) error {
	w.news = maps.Clone(c.stale)
	for _, r := range c.inbox {
		if r == tagged {
			continue
		}
		if err := c.takeOne(&w, r); err != nil {
			return fmt.Errorf("%s: %q: %w", text, fold(r.Raw), err)
		}
	}
	c.inbox = nil
	if w.status == "" {
		w.status = "OK"
	}
	if tagged.Name != w.status {
		return fmt.Errorf("%s: %s, must be %s", text, tagged.Raw, w.status)
	}
	if len(w.fetched) > 0 {
		return fmt.Errorf("%s: no answer for %s", text, uidsOf(w.fetched))
	}
	if w.done != nil {
		if err := w.done(tagged); err != nil {
			return fmt.Errorf("%s: %s: %w", text, tagged.Raw, err)
		}
	}
	if err := c.settled(&w); err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	return nil
}

func uidsOf(messages map[*stressMessage]bool) string {
	var uids []string
	for m := range messages {
		uids = append(uids, strconv.Itoa(int(m.uid)))
	}
	slices.Sort(uids)
	return "UID " + strings.Join(uids, ",")
}

// takeOne judges one untagged response and learns from it.
func (c *stressClient) takeOne(w *want, r *Response) error {
	if w.take != nil {
		if known, err := w.take(r); known || err != nil {
			return err
		}
	}
	switch r.Name {
	case "EXISTS":
		return c.takeExists(r)
	case "EXPUNGE":
		return c.takeExpunge(w, r)
	case "VANISHED":
		return c.takeVanished(w, r)
	case "FETCH", "UIDFETCH":
		return c.takeFetch(w, r)
	case "BYE":
		return fmt.Errorf("the connection ends")
	}
	return nil
}

func (c *stressClient) takeExists(r *Response) error {
	n, err := strconv.Atoi(r.Number)
	if err != nil || c.box == nil {
		return fmt.Errorf("no mailbox is selected (%v)", err)
	}
	for _, m := range c.box.messages {
		if m.uid > c.last && len(c.view) < n {
			c.view = append(c.view, m)
			c.last = m.uid
		}
	}
	if len(c.view) != n {
		return fmt.Errorf("there are %d messages", len(c.view))
	}
	return nil
}

func (c *stressClient) takeExpunge(w *want, r *Response) error {
	n, err := strconv.Atoi(r.Number)
	if err != nil || n < 1 || n > len(c.view) {
		return fmt.Errorf("no such message")
	}
	return c.forget(w, c.view[n-1])
}

// forget takes a message out that the server says is gone.
func (c *stressClient) forget(w *want, m *stressMessage) error {
	if !m.gone {
		return fmt.Errorf("UID %d is not gone", m.uid)
	}
	if w.hold {
		return fmt.Errorf("a removal must not be told now")
	}
	c.view = slices.DeleteFunc(c.view, func(other *stressMessage) bool { return other == m })
	delete(c.stale, m)
	delete(c.saved, m)
	return nil
}

func (c *stressClient) takeVanished(w *want, r *Response) error {
	if len(r.Args) != 1 {
		return fmt.Errorf("nobody asked for what vanished earlier")
	}
	set, err := parseSet(r.Args[0].Text)
	if err != nil {
		return err
	}
	total := 0
	for _, s := range set {
		total += int(s.high - s.low + 1)
	}
	for _, m := range slices.Clone(c.view) {
		if !inSpans(set, m.uid) {
			continue
		}
		total--
		if err := c.forget(w, m); err != nil {
			return err
		}
	}
	if total != 0 {
		return fmt.Errorf("%d of these the client never knew of", total)
	}
	return nil
}

func inSpans(set []span, uid uint32) bool {
	return slices.ContainsFunc(set, func(s span) bool { return s.low <= uint64(uid) && uint64(uid) <= s.high })
}

// takeFetch judges the data of a message.
func (c *stressClient) takeFetch(w *want, r *Response) error {
	m, err := c.messageOf(r)
	if err != nil {
		return err
	}
	if len(r.Args) != 1 || len(r.Args[0].List)%2 != 0 {
		return fmt.Errorf("no list of pairs")
	}
	items := r.Args[0].List
	told := map[string]bool{"UID": r.Name == "UIDFETCH"}
	for i := 0; i < len(items); i += 2 {
		name := strings.ToUpper(items[i].Text)
		told[name] = true
		if err := c.judgeItem(m, name, items[i+1]); err != nil {
			return fmt.Errorf("%s of UID %d: %w", name, m.uid, err)
		}
	}
	asked := len(w.items) > 0
	for _, name := range w.items {
		asked = asked && told[name]
	}
	if asked && w.fetched[m] {
		delete(w.fetched, m)
	} else if w.only && !w.news[m] && !w.slept {
		return fmt.Errorf("UID %d was not asked for", m.uid)
	}
	if told["FLAGS"] {
		delete(c.stale, m)
	}
	return nil
}

// messageOf returns the message that a FETCH or UIDFETCH response speaks of.
func (c *stressClient) messageOf(r *Response) (*stressMessage, error) {
	n, err := strconv.Atoi(r.Number)
	if err != nil {
		return nil, err
	}
	if r.Name == "UIDFETCH" {
		for _, m := range c.view {
			if m.uid == uint32(n) {
				return m, nil
			}
		}
		return nil, fmt.Errorf("the client knows of no such UID")
	}
	if n < 1 || n > len(c.view) {
		return nil, fmt.Errorf("no such message")
	}
	return c.view[n-1], nil
}

// judgeItem compares one item with the model.
func (c *stressClient) judgeItem(m *stressMessage, name string, value Value) error {
	body := stressBodies[m.body]
	must := ""
	switch name {
	case "UID":
		must = strconv.Itoa(int(m.uid))
	case "RFC822.SIZE":
		must = strconv.Itoa(len(body.data))
	case "INTERNALDATE": // its day has a zero or a space before it (RFC 9051 §9, date-day-fixed)
		must = body.internalDate()
		if text, spaced := strings.CutPrefix(value.Text, " "); spaced {
			value.Text = "0" + text
		}
	case "BODY[]":
		must = body.data
	case "BODY[TEXT]":
		must = body.text
	case "FLAGS":
		if flagText(value.List) != m.flags.words() {
			return fmt.Errorf("must be %s", m.flags.words())
		}
		return c.judgeRecent(m, value.List)
	case "MODSEQ":
		return c.judgeModSeq(m, value)
	default:
		return nil
	}
	if value.Text != must {
		return fmt.Errorf("must be %q", fold(must))
	}
	return nil
}

// judgeRecent holds \Recent to one session (RFC 3501 §2.3.2).
func (c *stressClient) judgeRecent(m *stressMessage, flags []Value) error {
	isRecent := slices.ContainsFunc(flags, func(v Value) bool { return strings.EqualFold(v.Text, `\Recent`) })
	if !isRecent || c.readOnly || c.dimmed {
		return nil
	}
	if m.recentIn != 0 && m.recentIn != c.selection {
		return fmt.Errorf(`\Recent was told to another session`)
	}
	m.recentIn = c.selection
	return nil
}

// judgeModSeq holds mod-sequences to what RFC 7162 §3.1 says: one for each
// state of a message, and larger than all before.
func (c *stressClient) judgeModSeq(m *stressMessage, value Value) error {
	if len(value.List) != 1 {
		return fmt.Errorf("no mod-sequence")
	}
	n, err := strconv.ParseUint(value.List[0].Text, 10, 63)
	switch {
	case err != nil:
		return err
	case m.gone:
		return nil
	case m.modseq != 0 && n != m.modseq:
		return fmt.Errorf("it was %d, and nothing has changed", m.modseq)
	case n <= m.after:
		return fmt.Errorf("it must be larger than %d", m.after)
	}
	m.modseq = n
	c.box.highest = max(c.box.highest, n)
	return nil
}

// settled says what a command has left untold that it must tell.
func (c *stressClient) settled(w *want) error {
	if c.box == nil || c.box.deleted {
		return nil
	}
	for _, m := range c.box.messages {
		if m.uid > c.last {
			return fmt.Errorf("UID %d has come and was not announced", m.uid)
		}
	}
	for m := range c.stale {
		if !m.gone {
			return fmt.Errorf("the flags of UID %d have changed and were not told", m.uid)
		}
	}
	if w.hold || w.loose {
		return nil
	}
	for _, m := range c.view {
		if m.gone {
			return fmt.Errorf("UID %d is gone and was not told", m.uid)
		}
	}
	return nil
}
