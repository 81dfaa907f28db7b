package query

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/imap"
)

// container is a message, or a dummy, in a direct transcription of RFC 5256 §3.
type container struct {
	message  *fakeMessage // nil: a dummy
	parent   *container
	children []*container
}

func (c *container) first() *container {
	if c.message == nil {
		return c.children[0]
	}
	return c
}

func (c *container) sent() int64 {
	sent, _ := SentUnix(c.first().message)
	return sent
}

func (c *container) subject() string {
	base, _ := BaseSubject(c.first().message.structure.Envelope.Subject.Text)
	return string(appendCasemap(nil, base))
}

func (c *container) reply() bool {
	if c.message == nil {
		return false
	}
	_, reply := BaseSubject(c.message.structure.Envelope.Subject.Text)
	return reply
}

func (c *container) comesFrom(other *container) bool {
	for ; c != nil; c = c.parent {
		if c == other {
			return true
		}
	}
	return false
}

func (c *container) unlink() {
	if c.parent != nil {
		c.parent.children = slices.DeleteFunc(c.parent.children, func(x *container) bool { return x == c })
		c.parent = nil
	}
}

func naiveLink(child, parent *container) {
	if !parent.comesFrom(child) {
		child.parent = parent
		parent.children = append(parent.children, child)
	}
}

func naiveSort(list []*container) {
	slices.SortStableFunc(list, func(a, b *container) int {
		if a.sent() != b.sent() {
			return int(a.sent() - b.sent())
		}
		return int(a.first().message.uid) - int(b.first().message.uid)
	})
}

// naiveStepOne links messages by their references.
func naiveStepOne(messages []*fakeMessage) []*container {
	ids := map[string]*container{}
	own := make([]*container, len(messages))
	all := []*container{}
	for i, m := range messages {
		own[i] = &container{message: m}
		all = append(all, own[i])
		if id := firstMessageID(m.structure.Envelope.MessageID.Text); id != "" && ids[id] == nil {
			ids[id] = own[i]
		}
	}
	for i, m := range messages {
		var references []string
		for _, id := range m.structure.References {
			if id = normalMessageID(id); id != "" {
				references = append(references, id)
			}
		}
		if id := firstMessageID(m.structure.Envelope.InReplyTo.Text); len(references) == 0 && id != "" {
			references = []string{id}
		}
		var last *container
		for _, id := range references {
			if ids[id] == nil {
				ids[id] = &container{}
				all = append(all, ids[id])
			}
			if last != nil && ids[id].parent == nil {
				naiveLink(ids[id], last)
			}
			last = ids[id]
		}
		own[i].unlink()
		if last != nil {
			naiveLink(own[i], last)
		}
	}
	return all
}

// naivePrune deletes dummies below a list of siblings (step 3).
func naivePrune(list []*container, top bool) []*container {
	var out []*container
	for _, c := range list {
		c.children = naivePrune(c.children, false)
		switch {
		case c.message != nil, top && len(c.children) > 1:
			out = append(out, c)
		default:
			out = append(out, c.children...)
		}
	}
	return out
}

// naiveMerge is step 5.
func naiveMerge(roots []*container) []*container {
	table := map[string]*container{}
	for _, c := range roots {
		subject := c.subject()
		if subject == "" {
			continue
		}
		have := table[subject]
		if have == nil || have.message != nil && (c.message == nil || have.reply() && !c.reply()) {
			table[subject] = c
		}
	}
	remove := func(c *container) {
		roots = slices.DeleteFunc(slices.Clone(roots), func(x *container) bool { return x == c })
	}
	for _, c := range slices.Clone(roots) {
		subject := c.subject()
		have := table[subject]
		if subject == "" || have == c || !slices.Contains(roots, c) {
			continue
		}
		switch {
		case have.message == nil && c.message == nil:
			have.children = append(have.children, c.children...)
		case have.message == nil, c.reply() && !have.reply():
			have.children = append(have.children, c)
		default:
			dummy := &container{children: []*container{c, have}}
			roots[slices.Index(roots, have)] = dummy
			table[subject] = dummy
		}
		remove(c)
	}
	return roots
}

func naiveReferences(messages []*fakeMessage) []imap.ThreadNode {
	var roots []*container
	for _, c := range naiveStepOne(messages) {
		if c.parent == nil {
			roots = append(roots, c)
		}
	}
	roots = naivePrune(roots, true)
	for _, c := range roots {
		if c.message == nil {
			naiveSort(c.children)
		}
	}
	naiveSort(roots)
	roots = naiveMerge(roots)
	var nodes []imap.ThreadNode
	var walk func(list []*container, parent int)
	var sort func(list []*container)
	sort = func(list []*container) {
		for _, c := range list {
			sort(c.children)
		}
		naiveSort(list)
	}
	sort(roots)
	walk = func(list []*container, parent int) {
		for _, c := range list {
			node := imap.ThreadNode{Parent: parent}
			if c.message != nil {
				node.Number = uint32(c.message.uid)
			}
			nodes = append(nodes, node)
			walk(c.children, len(nodes)-1)
		}
	}
	walk(roots, -1)
	return nodes
}

// threadedMessages makes messages that refer to each other in every way.
func threadedMessages(g *rand.Rand, count int) []*fakeMessage {
	ids := max(count, 2)
	id := func() string { return fmt.Sprintf("<%d@x>", g.IntN(ids)) }
	var messages []*fakeMessage
	for i := range count {
		var b strings.Builder
		if g.IntN(8) > 0 {
			fmt.Fprintf(&b, "Message-ID: %s\r\n", id())
		}
		switch g.IntN(4) {
		case 0, 1:
			b.WriteString("References:")
			for range g.IntN(4) {
				b.WriteString(" " + id())
			}
			b.WriteString("\r\n")
		case 2:
			b.WriteString("In-Reply-To: " + id() + " " + id() + "\r\n")
		}
		subject := []string{"", "a", "b", "Re: a", "[x] re: B", "fwd: c", "d (fwd)", "E", "e"}[g.IntN(9)]
		fmt.Fprintf(&b, "Subject: %s\r\n\r\n", subject)
		m := newFake(imap.UID(i+1), b.String())
		m.structure.Sent = time.Unix(int64(1+g.IntN(count)), 0)
		messages = append(messages, m)
	}
	return messages
}

func threadsOf(t testing.TB, algorithm imap.ThreadAlgorithm, messages []*fakeMessage) []imap.ThreadNode {
	threader := NewThreader(algorithm, Collation{})
	for _, m := range messages {
		if err := threader.Add(m); err != nil {
			t.Fatal(err)
		}
	}
	return threader.Threads()
}

// The aim: REFERENCES is what the steps of RFC 5256 §3, taken one by one, make.
func TestReferencesAreThoseOfTheRFC(t *testing.T) {
	for seed := range uint64(4000) {
		g := rand.New(rand.NewPCG(seed, 5256))
		messages := threadedMessages(g, 1+g.IntN(14))
		got, want := threadsOf(t, imap.ThreadReferences, messages), naiveReferences(messages)
		if !reflect.DeepEqual(got, want) {
			for _, m := range messages {
				t.Logf("%d sent %d: %q", m.uid, m.structure.Sent.Unix(), m.content)
			}
			t.Fatalf("seed %d:\n got %v\nwant %v", seed, got, want)
		}
	}
}

// The aim: threads that a sender has made as deep or as tangled as can be cost
// about as much as others, and no stack.
func TestHostileReferences(t *testing.T) {
	const count = 20_000
	chain := func(number func(int) int) []*fakeMessage {
		messages := make([]*fakeMessage, count)
		for i := range messages {
			n := number(i)
			messages[i] = newFake(imap.UID(i+1), fmt.Sprintf("Message-ID: <%d@x>\r\nReferences: <%d@x>\r\nSubject: %d\r\n\r\n", n, n-1, n))
		}
		return messages
	}
	for name, number := range map[string]func(int) int{
		"forwards":  func(i int) int { return i },
		"backwards": func(i int) int { return count - i },
		"halves":    func(i int) int { return i/2 + i%2*count/2 },
		"ring":      func(i int) int { return i % (count / 3) },
	} {
		nodes := threadsOf(t, imap.ThreadReferences, chain(number))
		present := 0
		for i, node := range nodes {
			if node.Parent >= i {
				t.Fatalf("%s: node %d comes before its parent", name, i)
			}
			if node.Number != 0 {
				present++
			}
		}
		if present != count {
			t.Errorf("%s: %d messages in the threads", name, present)
		}
	}
}

// The aim: ORDEREDSUBJECT puts what has one subject into one thread without
// grandchildren, by date (RFC 5256 §3).
func TestOrderedSubject(t *testing.T) {
	var messages []*fakeMessage
	for i, m := range []struct {
		subject string
		sent    int64
	}{{"b", 5}, {"Re: a", 9}, {"A", 7}, {"c", 1}, {"[list] a (fwd)", 8}, {"re: B", 4}} {
		fake := newFake(imap.UID(i+1), "Subject: "+m.subject+"\r\n\r\n")
		fake.structure.Sent = time.Unix(m.sent, 0)
		messages = append(messages, fake)
	}
	want := []imap.ThreadNode{{Number: 4, Parent: -1}, {Number: 6, Parent: -1}, {Number: 1, Parent: 1},
		{Number: 3, Parent: -1}, {Number: 5, Parent: 3}, {Number: 2, Parent: 3}}
	if got := threadsOf(t, imap.ThreadOrderedSubject, messages); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func BenchmarkThread(b *testing.B) {
	messages := threadedMessages(rand.New(rand.NewPCG(1, 2)), 100_000)
	for algorithm := range imap.ThreadAlgorithms {
		b.Run(algorithm.String(), func(b *testing.B) {
			for b.Loop() {
				threadsOf(b, algorithm, messages)
			}
		})
	}
}
