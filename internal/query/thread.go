package query

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

// Threader makes threads of messages (RFC 5256 §3). It keeps what the algorithm
// needs of a message, and nothing else.
type Threader struct {
	algorithm imap.ThreadAlgorithm
	collation Collation
	messages  []threaded
	subjects  []byte   // base subjects, as they are compared, one behind the other
	ids       []string // message ids and references
}

// threaded is what is kept of a message.
type threaded struct {
	uid        imap.UID
	sent       int64
	subjectEnd int
	idsEnd     int  // in ids: "" or the message's own id, then its references
	reply      bool // a reply, or forwarded
}

// NewThreader returns a threader by an algorithm. Subjects are compared by the
// collation.
func NewThreader(algorithm imap.ThreadAlgorithm, collation Collation) *Threader {
	return &Threader{algorithm: algorithm, collation: collation}
}

// Add takes a message. Messages come in the order of the mailbox. One that
// cannot be read stands for itself.
func (t *Threader) Add(m Message) error {
	one := threaded{uid: m.UID()}
	own := len(t.ids)
	if t.algorithm == imap.ThreadReferences {
		t.ids = append(t.ids, "")
	}
	structure, err := m.Structure()
	if err == nil {
		e := &structure.Envelope
		var base string
		base, one.reply = BaseSubject(e.Subject.Text)
		t.subjects = t.collation.Comparator.appendKey(t.subjects, base)
		if t.algorithm == imap.ThreadReferences {
			t.ids[own] = firstMessageID(e.MessageID.Text)
			t.addReferences(structure)
		}
	}
	if sent, sentErr := SentUnix(m); err == nil {
		one.sent, err = sent, sentErr
	} else {
		one.sent = sent
	}
	one.subjectEnd, one.idsEnd = len(t.subjects), len(t.ids)
	t.messages = append(t.messages, one)
	return err
}

// addReferences keeps the ids of the References field or, if it has none that
// are valid, the first of In-Reply-To.
func (t *Threader) addReferences(structure *message.Structure) {
	before := len(t.ids)
	for _, reference := range structure.References {
		if id := normalMessageID(reference); id != "" {
			t.ids = append(t.ids, id)
		}
	}
	if len(t.ids) == before {
		if id := firstMessageID(structure.Envelope.InReplyTo.Text); id != "" {
			t.ids = append(t.ids, id)
		}
	}
}

// subject returns the base subject of a message, as it is compared.
func (t *Threader) subject(place int32) []byte {
	start := 0
	if place > 0 {
		start = t.messages[place-1].subjectEnd
	}
	return t.subjects[start:t.messages[place].subjectEnd]
}

// references returns the message's own id, "" if it has none, and those of the
// messages that it refers to.
func (t *Threader) references(place int32) (own string, references []string) {
	start := 0
	if place > 0 {
		start = t.messages[place-1].idsEnd
	}
	ids := t.ids[start:t.messages[place].idsEnd]
	return ids[0], ids[1:]
}

// Threads returns the threads, with UIDs for numbers.
func (t *Threader) Threads() []imap.ThreadNode {
	if t.algorithm == imap.ThreadReferences {
		return newReferenceThreads(t).threads()
	}
	return t.orderedSubject()
}

// bySentDate orders messages by sent date, and those of the same second as they
// stand in the mailbox (RFC 5256 §2.2).
func (t *Threader) bySentDate(a, b int32) int {
	return cmp.Or(cmp.Compare(t.messages[a].sent, t.messages[b].sent), cmp.Compare(a, b))
}

func (t *Threader) places() []int32 {
	places := make([]int32, len(t.messages))
	for i := range places {
		places[i] = int32(i)
	}
	return places
}

// orderedSubject makes a thread of all messages of one base subject: the first
// is the parent of all others (RFC 5256 §3, ORDEREDSUBJECT).
func (t *Threader) orderedSubject() []imap.ThreadNode {
	places := t.places()
	slices.SortFunc(places, func(a, b int32) int {
		return cmp.Or(t.collation.compare(t.subject(a), t.subject(b)), t.bySentDate(a, b))
	})
	var threads [][]int32
	for start := 0; start < len(places); {
		end := start + 1
		for end < len(places) && bytes.Equal(t.subject(places[start]), t.subject(places[end])) {
			end++
		}
		threads = append(threads, places[start:end])
		start = end
	}
	slices.SortFunc(threads, func(a, b []int32) int { return t.bySentDate(a[0], b[0]) })
	nodes := make([]imap.ThreadNode, 0, len(places))
	for _, thread := range threads {
		root := len(nodes)
		for i, place := range thread {
			parent := root
			if i == 0 {
				parent = -1
			}
			nodes = append(nodes, imap.ThreadNode{Number: uint32(t.messages[place].uid), Parent: parent})
		}
	}
	return nodes
}
