package imapserver

import (
	"errors"
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
	place       *place        // of the mailbox's account
	subscribed  bool
	hasChildren bool // mailboxes below
}

// listLine is a LIST response, perhaps with its STATUS.
type listLine struct {
	data     imap.ListData
	mailbox  *mail.Mailbox
	place    *place
	selected bool // met the selection itself
	status   *imap.StatusData
	// tellsMetadata says that METADATA goes with the line.
	tellsMetadata bool
}

// readTree reads the user's own account and, as far as patterns reach there,
// the mailboxes of others that he may list. Without patterns there are none of
// others; with remote also what is on other servers.
func (s *session) readTree(state mail.State, patterns []pattern, remote bool) (*tree, error) {
	t := &tree{nodes: map[string]*node{}}
	home, err := s.home("")
	if err != nil {
		return nil, err
	}
	if err := t.add(state, &home); err != nil {
		return nil, err
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
	err = s.eachVisited(func(prefix string) bool { return reachedBy(patterns, prefix) }, t.add)
	if err != nil {
		return nil, err
	}
	t.order()
	return t, nil
}

// eachVisited calls use with the state of each account of others in which the
// user may see something, if its prefix is wanted.
func (s *session) eachVisited(wanted func(prefix string) bool, use func(mail.State, *place) error) error {
	if !wanted(otherUsers+mail.Separator) && !wanted(shared+mail.Separator) {
		return nil
	}
	subject, err := s.subject()
	if err != nil {
		return err
	}
	granting, err := s.directory().Granting(s.context, subject)
	if err != nil {
		return err
	}
	for _, info := range granting {
		there, err := s.visit(info)
		if err == nil && wanted(there.prefix) {
			err = there.account.Read(s.context, func(state mail.State) error { return use(state, &there) })
		}
		if errors.Is(err, mail.ErrErased) || errors.Is(err, mail.ErrNoMailbox) {
			continue // it went away meanwhile
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// add adds the mailboxes of an account that the user may list. A name that is
// taken by one of his own stays that one's.
func (t *tree) add(state mail.State, at *place) error {
	for mailbox, err := range state.Mailboxes("") {
		if err != nil {
			return err
		}
		if !at.rights(mailbox).Visible() {
			continue
		}
		if n := t.at(at.shown(mailbox.Name)); n.mailbox == nil {
			n.mailbox, n.place = mailbox, at
		}
	}
	return nil
}

// order sorts the names and finds which have others below.
func (t *tree) order() {
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
func (t *tree) list(request *imap.ListRequest, patterns []pattern, absent imap.MailboxAttr) []listLine {
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
		line := listLine{mailbox: n.mailbox, place: n.place, selected: n.selected(&request.Select)}
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
	if options.SpecialUse && len(n.uses()) == 0 {
		return false
	}
	return n.mailbox != nil || n.remote || options.Subscribed
}

// uses are the special uses of a mailbox of the user's own.
func (n *node) uses() []imap.MailboxAttr {
	if n.mailbox == nil || !n.place.isHome() {
		return nil
	}
	return n.mailbox.SpecialUse
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
	data.Attrs = append(data.Attrs, n.uses()...)
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
