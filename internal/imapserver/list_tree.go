package imapserver

import (
	"slices"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// tree is everything that LIST can speak of: mailboxes, subscribed names and
// the levels above them.
type tree struct {
	names []string // in the order of octets
	nodes map[string]*node
}

// node is one name.
type node struct {
	mailbox     *mail.Mailbox // nil where there is none
	remote      bool          // there is one on another server
	subscribed  bool
	hasChildren bool // mailboxes below
}

// listLine is a LIST response, perhaps with its STATUS.
type listLine struct {
	data     imap.ListData
	mailbox  *mail.Mailbox
	selected bool // met the selection itself
	status   *imap.StatusData
	metadata []imap.MetadataValue
}

// readTree reads what LIST can speak of, with remote also what is on other
// servers.
func readTree(state mail.State, remote bool) (*tree, error) {
	t := &tree{nodes: map[string]*node{}}
	for mailbox, err := range state.Mailboxes("") {
		if err != nil {
			return nil, err
		}
		t.at(mailbox.Name).mailbox = mailbox
	}
	for name, err := range state.Subscriptions() {
		if err != nil {
			return nil, err
		}
		t.at(name).subscribed = true
	}
	if err := t.readRemote(state, remote); err != nil {
		return nil, err
	}
	for name, n := range t.nodes {
		t.names = append(t.names, name)
		if n.mailbox == nil && !n.remote {
			continue
		}
		for parent := mail.ParentName(name); parent != ""; parent = mail.ParentName(parent) {
			t.nodes[parent].hasChildren = true
		}
	}
	slices.Sort(t.names)
	return t, nil
}

// at returns the node of a name, made with those above it.
func (t *tree) at(name string) *node {
	if n := t.nodes[name]; n != nil {
		return n
	}
	if parent := mail.ParentName(name); parent != "" {
		t.at(parent)
	}
	n := new(node)
	t.nodes[name] = n
	return n
}

// list returns the lines of a LIST. absent marks names without a mailbox.
func (t *tree) list(request *imap.ListRequest, absent imap.MailboxAttr) []listLine {
	patterns := make([]pattern, 0, len(request.Patterns))
	for _, text := range request.Patterns {
		if text != "" { // an empty one is ignored (RFC 9051 §6.3.9)
			patterns = append(patterns, newPattern(request.Reference, text))
		}
	}
	matches := func(name string) bool {
		return slices.ContainsFunc(patterns, func(p pattern) bool { return p.match(name) })
	}
	below := t.below(request, matches)
	var lines []listLine
	for _, name := range t.names {
		if !matches(name) {
			continue
		}
		n := t.nodes[name]
		line := listLine{mailbox: n.mailbox, selected: n.selected(&request.Select)}
		inferior := below[name]
		if !line.selected && !inferior.unseen && !n.isLevel(&request.Select, patterns, name) {
			continue
		}
		line.data = n.describe(name, request, absent)
		if request.Select.RecursiveMatch && inferior.some {
			line.data.ChildInfo = selectionNames(&request.Select)
		}
		lines = append(lines, line)
	}
	return lines
}

// selected reports whether a name meets the selection options. Without any,
// those with a mailbox do.
func (n *node) selected(options *imap.ListSelect) bool {
	if options.Subscribed && !n.subscribed {
		return false
	}
	if options.SpecialUse && (n.mailbox == nil || len(n.mailbox.SpecialUse) == 0) {
		return false
	}
	return n.mailbox != nil || n.remote || options.Subscribed
}

// isLevel reports whether a name without a mailbox is shown because it is a
// level of hierarchy above others and the pattern ends in "%"
// (RFC 9051 §6.3.9).
func (n *node) isLevel(options *imap.ListSelect, patterns []pattern, name string) bool {
	if n.mailbox != nil || n.remote || !n.hasChildren || options.Subscribed || options.SpecialUse {
		return false
	}
	return slices.ContainsFunc(patterns, func(p pattern) bool { return p.levels && p.match(name) })
}

// inferiors is what RECURSIVEMATCH knows of the names below one: whether some
// meet the selection, and whether one of those does not match a pattern, so
// that it is not listed itself (RFC 9051 §6.3.9.6).
type inferiors struct{ some, unseen bool }

func (t *tree) below(request *imap.ListRequest, matches func(string) bool) map[string]inferiors {
	if !request.Select.RecursiveMatch {
		return nil
	}
	below := map[string]inferiors{}
	for _, name := range t.names {
		if !t.nodes[name].selected(&request.Select) {
			continue
		}
		unseen := !matches(name)
		for parent := mail.ParentName(name); parent != ""; parent = mail.ParentName(parent) {
			known := below[parent]
			below[parent] = inferiors{some: true, unseen: known.unseen || unseen}
		}
	}
	return below
}

// describe makes the LIST data of a name. CHILDREN and special uses are told
// always: both are cheap.
func (n *node) describe(name string, request *imap.ListRequest, absent imap.MailboxAttr) imap.ListData {
	data := imap.ListData{Mailbox: name, Delimiter: delimiter}
	switch {
	case n.remote:
		data.Attrs = append(data.Attrs, imap.AttrRemote)
	case n.mailbox == nil:
		data.Attrs = append(data.Attrs, absent)
	}
	switch {
	case n.hasChildren:
		data.Attrs = append(data.Attrs, imap.AttrHasChildren)
	case !n.remote: // what is below on another server is not known here
		data.Attrs = append(data.Attrs, imap.AttrHasNoChildren)
	}
	if n.subscribed && (request.Select.Subscribed || request.Return.Subscribed) {
		data.Attrs = append(data.Attrs, imap.AttrSubscribed)
	}
	if n.mailbox != nil {
		data.Attrs = append(data.Attrs, n.mailbox.SpecialUse...)
	}
	return data
}

// selectionNames are the options that CHILDINFO names.
func selectionNames(options *imap.ListSelect) []string {
	var names []string
	if options.Subscribed {
		names = append(names, "SUBSCRIBED")
	}
	if options.SpecialUse {
		names = append(names, "SPECIAL-USE")
	}
	return names
}

// lsub returns the lines of an LSUB.
func (t *tree) lsub(p pattern) []imap.ListData {
	shown := map[string]bool{}
	if strings.Contains(p.text, "%") {
		// RFC 3501 §6.3.9: "foo" stands for "foo/bar", which "%" misses.
		for _, name := range t.names {
			if !t.nodes[name].subscribed || p.match(name) {
				continue
			}
			for parent := mail.ParentName(name); parent != ""; parent = mail.ParentName(parent) {
				shown[parent] = true
			}
		}
	}
	var lines []imap.ListData
	for _, name := range t.names {
		if !p.match(name) {
			continue
		}
		data := imap.ListData{Mailbox: name, Delimiter: delimiter}
		switch {
		case t.nodes[name].subscribed:
		case shown[name]:
			data.Attrs = []imap.MailboxAttr{imap.AttrNoSelect}
		default:
			continue
		}
		lines = append(lines, data)
	}
	return lines
}
