package imapserver

import (
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/query"
)

// searchContext is a search whose result the client is told the changes of
// (RFC 5267 §4.3).
type searchContext struct {
	tag       string
	byUID     bool
	named     bool
	key       imap.SearchKey // lowered
	collation query.Collation
	results   imap.UIDSet // as the client knows them
	// items are told of a message that is new to the mailbox and to the result
	// (RFC 5465 §7).
	items []imap.FetchItem
	// sorter and order are those of SORT; nil for SEARCH.
	sorter *query.Sorter
	order  []imap.UID
}

// touch takes note of messages whose place in a result may change.
func (m *selection) touch(uids imap.UIDSet) {
	if len(m.contexts) > 0 {
		m.touched = m.touched.Union(uids)
	}
}

// checkUpdate refuses a tag whose updates could not be told from another's
// (RFC 5267 §4.3).
func (s *session) checkUpdate(request *imap.SearchRequest) error {
	sameTag := func(c *searchContext) bool { return c.tag == request.Tag }
	if request.Return.Update && slices.ContainsFunc(s.mailbox.contexts, sameTag) {
		return bad("This tag is in use by another search with UPDATE")
	}
	return nil
}

// keepContext keeps the result of a search up to date from now on, or says that
// it will not be (RFC 5267 §4.3.1). What is \Recent is not looked at again.
func (s *session) keepContext(request *imap.SearchRequest, context *searchContext, recent bool) {
	selection := s.mailbox
	sorted := len(context.order)
	for _, other := range selection.contexts {
		sorted += len(other.order)
	}
	text := ""
	switch {
	case recent:
		text = "What is recent cannot be kept up to date"
	case len(request.UpdateItems) > notifyItemsMax:
		text = "Too many items of new messages"
	case len(selection.contexts) >= contextsMax:
		text = "Too many contexts"
	case context.sorter != nil && sorted > contextSortedMax:
		text = "Too many sorted results"
	}
	if text != "" {
		s.enc.Untagged(imap.StatusNo, imap.CodeNoUpdate{Tag: request.Tag}, text)
		return
	}
	context.tag, context.byUID, context.named = request.Tag, request.ByUID, request.Sources != nil
	context.items = request.UpdateItems
	selection.contexts = append(selection.contexts, context)
}

// cancelUpdate is CANCELUPDATE (RFC 5267 §4.3.5). A context that is not there
// sends no updates, as is wanted.
func (s *session) cancelUpdate(tags []string) (outcome, error) {
	s.mailbox.contexts = slices.DeleteFunc(s.mailbox.contexts, func(c *searchContext) bool {
		return slices.Contains(tags, c.tag)
	})
	return outcome{}, nil
}

// removeFromContexts takes messages out of all results that are about to be
// announced as gone, while they have their numbers (RFC 5267 §4.3.4).
func (s *session) removeFromContexts(gone imap.UIDSet) {
	for _, c := range s.mailbox.contexts {
		s.tellUpdates(c, c.remove(gone.Intersect(c.results)))
		if c.sorter != nil && len(gone) > 0 {
			c.sorter.Forget(gone)
		}
	}
}

// contextChange is what became of one result.
type contextChange struct {
	context *searchContext
	added   imap.UIDSet
	updates []contextUpdate
}

// updateContexts looks again at the messages that have changed or come, as far as
// the client knows of them. Nothing is told yet.
func (s *session) updateContexts() ([]contextChange, error) {
	selection := s.mailbox
	touched := selection.view.Known(selection.touched)
	selection.touched = selection.touched.Intersect(selection.view.Fresh())
	if len(touched) == 0 {
		return nil, nil
	}
	var changes []contextChange
	for _, c := range selection.contexts {
		options := evaluation{within: touched, collation: c.collation}
		var moved imap.UIDSet
		if c.sorter != nil {
			options.also = func(m query.Message) error {
				changed, err := c.sorter.Renew(m)
				if changed {
					moved = moved.Add(m.UID())
				}
				return err
			}
			options.annotated = func(value func(imap.UID, imap.SortKey) string) { c.sorter.Annotation = value }
		}
		found, err := s.evaluate(s.selectedTarget(), c.key, options)
		if err != nil {
			return nil, err
		}
		change := contextChange{context: c, added: found.uids.Minus(c.results)}
		left := c.results.Intersect(touched).Minus(found.uids)
		if moved = moved.Intersect(c.results); len(moved) > 0 && c.sorter.InOrder(c.order) {
			moved = nil
		}
		change.updates = append(c.remove(left.Union(moved)), c.add(change.added.Union(moved))...)
		changes = append(changes, change)
	}
	return changes, nil
}

// contextUpdate is a change of a result, in UIDs.
type contextUpdate struct {
	remove   bool
	position int // from 1; 0 of SEARCH
	uids     []imap.UID
	set      imap.UIDSet
}

// remove takes messages, all of which are in the result, out of it. Of a sorted
// one the last goes first, so that each position is right at its time.
func (c *searchContext) remove(uids imap.UIDSet) []contextUpdate {
	if len(uids) == 0 {
		return nil
	}
	c.results = c.results.Minus(uids)
	if c.sorter == nil {
		return []contextUpdate{{remove: true, set: uids}}
	}
	var updates []contextUpdate
	for end := len(c.order); end > 0; {
		start := end
		for start > 0 && uids.Contains(c.order[start-1]) {
			start--
		}
		if start < end {
			updates = append(updates, contextUpdate{remove: true, position: start + 1, uids: slices.Clone(c.order[start:end])})
			end = start
			continue
		}
		end--
	}
	c.order = slices.DeleteFunc(c.order, uids.Contains)
	return updates
}

// add puts messages, none of which is in the result, into it.
func (c *searchContext) add(uids imap.UIDSet) []contextUpdate {
	if len(uids) == 0 {
		return nil
	}
	c.results = c.results.Union(uids)
	if c.sorter == nil {
		return []contextUpdate{{set: uids}}
	}
	var updates []contextUpdate
	for uid := range uids.All {
		at := c.sorter.Find(c.order, uid)
		c.order = slices.Insert(c.order, at, uid)
		if last := len(updates) - 1; last >= 0 && updates[last].position+len(updates[last].uids) == at+1 {
			updates[last].uids = append(updates[last].uids, uid)
			continue
		}
		updates = append(updates, contextUpdate{position: at + 1, uids: []imap.UID{uid}})
	}
	return updates
}

// tellUpdates writes an ESEARCH with the changes of a result.
func (s *session) tellUpdates(c *searchContext, updates []contextUpdate) {
	if len(updates) == 0 {
		return
	}
	data := imap.SearchData{Tag: c.tag, ByUID: c.byUID}
	if c.named { // each ESEARCH of such a search names its mailbox (RFC 7377 §2.1)
		data.Mailbox, data.UIDValidity = s.mailbox.name, s.mailbox.uidValidity
	}
	for _, update := range updates {
		told := imap.SearchUpdate{Remove: update.remove, Position: uint32(update.position)}
		switch {
		case c.sorter != nil:
			told.Messages = s.orderedNumbers(update.uids, c.byUID)
		case c.byUID:
			told.Messages = imap.MessagesByUID(update.set)
		default:
			told.Messages = imap.MessagesBySeq(s.mailbox.view.Seqs(update.set))
		}
		data.Updates = append(data.Updates, told)
	}
	s.enc.ESearch(&data)
}
