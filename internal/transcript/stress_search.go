package transcript

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// stressKey is a search key and what it means.
type stressKey struct {
	text string
	is   func(*stressMessage) bool
	seqs bool // it names sequence numbers
}

// someKey makes a key at random, of a depth at most.
func (c *stressClient) someKey(depth int) stressKey {
	s := c.stress
	if depth > 0 && s.chance(2) {
		return c.composedKey(depth)
	}
	body := func(holds func(stressBody) bool) func(*stressMessage) bool {
		return func(m *stressMessage) bool { return holds(stressBodies[m.body]) }
	}
	switch s.random.IntN(7) {
	case 0, 1:
		return c.flagKey()
	case 2:
		p := c.someOf(3)
		picked := p.all()
		text := p.text
		if p.uid && text != "$" {
			text = "UID " + text
		}
		return stressKey{text, func(m *stressMessage) bool { return picked[m] }, !p.uid && text != "$"}
	case 3:
		n := s.random.IntN(200)
		if s.chance(2) {
			return stressKey{text: fmt.Sprintf("LARGER %d", n), is: body(func(b stressBody) bool { return len(b.data) > n })}
		}
		return stressKey{text: fmt.Sprintf("SMALLER %d", n), is: body(func(b stressBody) bool { return len(b.data) < n })}
	case 4:
		word := [...]string{"SUN", "rain", "o", "nothing of this"}[s.random.IntN(4)]
		in := func(text string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(word)) }
		if s.chance(2) {
			return stressKey{text: "SUBJECT " + quote(word), is: body(func(b stressBody) bool { return in(b.subject) })}
		}
		return stressKey{text: "BODY " + quote(word), is: body(func(b stressBody) bool { return in(b.text) })}
	case 5:
		return c.dateKey(body)
	}
	return stressKey{text: "ALL", is: func(*stressMessage) bool { return true }}
}

func (c *stressClient) dateKey(body func(func(stressBody) bool) func(*stressMessage) bool) stressKey {
	s := c.stress
	date := stressBodies[s.random.IntN(len(stressBodies))].day()
	kinds := map[string]func(time.Time) bool{
		"BEFORE": func(t time.Time) bool { return t.Before(date) },
		"ON":     func(t time.Time) bool { return t.Equal(date) },
		"SINCE":  func(t time.Time) bool { return !t.Before(date) },
	}
	name := [...]string{"BEFORE", "ON", "SINCE"}[s.random.IntN(3)]
	return stressKey{text: name + " " + date.Format("2-Jan-2006"), is: body(func(b stressBody) bool { return kinds[name](b.day()) })}
}

// flagKey asks for a flag, or for its absence.
func (c *stressClient) flagKey() stressKey {
	at := c.stress.random.IntN(len(stormFlags))
	name, not := stormFlags[at], c.stress.chance(2)
	text := strings.ToUpper(strings.TrimPrefix(name, `\`))
	if !strings.HasPrefix(name, `\`) {
		text = "KEYWORD " + name
	}
	if not {
		text = "UN" + text
	}
	bit := stressFlags(1) << at
	return stressKey{text: text, is: func(m *stressMessage) bool { return (m.flags&bit != 0) != not }}
}

func (c *stressClient) composedKey(depth int) stressKey {
	a, b := c.someKey(depth-1), c.someKey(depth-1)
	seqs := a.seqs || b.seqs
	switch c.stress.random.IntN(3) {
	case 0:
		return stressKey{"NOT " + a.text, func(m *stressMessage) bool { return !a.is(m) }, a.seqs}
	case 1:
		return stressKey{"OR " + a.text + " " + b.text, func(m *stressMessage) bool { return a.is(m) || b.is(m) }, seqs}
	}
	return stressKey{"(" + a.text + " " + b.text + ")", func(m *stressMessage) bool { return a.is(m) && b.is(m) }, seqs}
}

// search asks for messages and holds the answer to a full scan
// (RFC 9051 §6.4.4). A client that has not heard of a removal yet may or may
// not find the message.
func (c *stressClient) search() error {
	s, key := c.stress, c.someKey(3)
	uid := c.onlyUIDs() || s.chance(2)
	extended := s.chance(2)
	text := "SEARCH "
	if uid {
		text = "UID SEARCH "
	}
	options := []string{}
	if extended {
		for _, option := range []string{"MIN", "MAX", "COUNT", "ALL", "SAVE"} {
			if s.chance(2) {
				options = append(options, option)
			}
		}
		text += "RETURN (" + strings.Join(options, " ") + ") "
		if len(options) == 0 {
			options = []string{"ALL"}
		}
	} else {
		options = []string{"ALL"}
	}
	found := c.foretell(key)
	a := &searchAnswer{client: c, uid: uid, found: found, options: options, answered: slices.Equal(options, []string{"SAVE"})}
	a.uncertain = slices.ContainsFunc(c.view, func(m *stressMessage) bool { return m.gone })
	w := want{hold: !uid, loose: key.seqs, take: a.take, done: a.done, only: true}
	if slices.Contains(options, "SAVE") {
		c.saved = a.toSave()
		if a.uncertain {
			c.saved = map[*stressMessage]bool{}
			return c.pause()
		}
	}
	return c.give(w, text+key.text)
}

// foretell returns what a key finds among what the client knows of.
func (c *stressClient) foretell(key stressKey) []*stressMessage {
	var found []*stressMessage
	for _, m := range c.view {
		if key.is(m) {
			found = append(found, m)
		}
	}
	return found
}

// searchAnswer judges SEARCH and ESEARCH.
type searchAnswer struct {
	client    *stressClient
	uid       bool
	found     []*stressMessage
	options   []string
	uncertain bool // some of the view is gone
	answered  bool
}

// toSave is what "$" holds afterwards: with MIN or MAX and without ALL and
// COUNT only those (RFC 9051 §6.4.4.4).
func (a *searchAnswer) toSave() map[*stressMessage]bool {
	saved := map[*stressMessage]bool{}
	has := func(option string) bool { return slices.Contains(a.options, option) }
	for i, m := range a.found {
		brief := (has("MIN") || has("MAX")) && !has("ALL") && !has("COUNT")
		if !brief || has("MIN") && i == 0 || has("MAX") && i == len(a.found)-1 {
			saved[m] = true
		}
	}
	return saved
}

// numbers are the messages found, as the client calls them.
func (a *searchAnswer) numbers() []string {
	var out []string
	for _, m := range a.found {
		if !m.gone {
			out = append(out, a.client.number1(m, a.uid))
		}
	}
	return out
}

// same compares numbers told with those foretold.
func (a *searchAnswer) same(told []string) error {
	for _, m := range a.client.view {
		if m.gone {
			number := a.client.number1(m, a.uid)
			told = slices.DeleteFunc(told, func(n string) bool { return n == number })
		}
	}
	if want := a.numbers(); !slices.Equal(told, want) {
		return fmt.Errorf("must find %v", want)
	}
	return nil
}

func (a *searchAnswer) take(r *Response) (bool, error) {
	switch r.Name {
	case "SEARCH":
		a.answered = true
		var told []string
		for _, v := range r.Args {
			if v.Kind != List {
				told = append(told, v.Text)
			}
		}
		return true, a.same(told)
	case "ESEARCH":
		a.answered = true
		return true, a.extended(r.Args)
	}
	return false, nil
}

// extended judges the return data of ESEARCH.
func (a *searchAnswer) extended(args []Value) error {
	args = slices.DeleteFunc(slices.Clone(args), func(v Value) bool { return v.Kind == List })
	told := map[string]string{}
	for i := 0; i < len(args); i++ {
		if name := strings.ToUpper(args[i].Text); name == "UID" {
			told[name] = ""
		} else if i+1 < len(args) {
			told[name] = args[i+1].Text
			i++
		}
	}
	if _, isUID := told["UID"]; isUID != a.uid {
		return fmt.Errorf("UID must be said if, and only if, the numbers are UIDs")
	}
	all, hasAll := told["ALL"]
	if slices.Contains(a.options, "ALL") && (hasAll || !a.uncertain) {
		if err := a.same(spelled(all)); err != nil {
			return err
		}
	}
	if a.uncertain {
		return nil
	}
	numbers := a.numbers()
	must := map[string]string{}
	if slices.Contains(a.options, "COUNT") {
		must["COUNT"] = strconv.Itoa(len(numbers))
	}
	if len(numbers) > 0 {
		must["MIN"], must["MAX"] = numbers[0], numbers[len(numbers)-1]
	}
	for _, name := range []string{"MIN", "MAX", "COUNT"} {
		want := must[name]
		if !slices.Contains(a.options, name) {
			want = ""
		}
		if told[name] != want {
			return fmt.Errorf("%s must be %q", name, want)
		}
	}
	return nil
}

// spelled writes the members of a set.
func spelled(set string) []string {
	if set == "" {
		return nil
	}
	spans, err := parseSet(set)
	if err != nil {
		return []string{set}
	}
	var out []string
	for _, s := range spans {
		for n := s.low; n <= s.high && len(out) < 10_000; n++ {
			out = append(out, strconv.FormatUint(n, 10))
		}
	}
	return out
}

func (a *searchAnswer) done(*Response) error {
	if !a.answered {
		return fmt.Errorf("the search was not answered")
	}
	return nil
}

// sort orders by size (RFC 5256 §3), messages of one size by their number.
func (c *stressClient) sort() error {
	if !c.stress.profile.caps["SORT"] {
		return c.pause()
	}
	key := c.someKey(1)
	uid := c.onlyUIDs() || c.stress.chance(2)
	text, order := "SORT (SIZE) UTF-8 ", 1
	if c.stress.chance(2) {
		text, order = "SORT (REVERSE SIZE) UTF-8 ", -1
	}
	if uid {
		text = "UID " + text
	}
	a := &searchAnswer{client: c, uid: uid, found: c.foretell(key)}
	slices.SortStableFunc(a.found, func(x, y *stressMessage) int {
		return order * cmp.Compare(len(stressBodies[x.body].data), len(stressBodies[y.body].data))
	})
	take := func(r *Response) (bool, error) {
		if r.Name != "SORT" {
			return false, nil
		}
		a.answered = true
		var told []string
		for _, v := range r.Args {
			told = append(told, v.Text)
		}
		return true, a.same(told)
	}
	return c.give(want{hold: !uid, loose: key.seqs, take: take, done: a.done, only: true}, text+key.text)
}
