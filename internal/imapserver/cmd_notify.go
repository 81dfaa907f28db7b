package imapserver

import (
	"slices"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/mailview"
)

// notifyAbout is NOTIFY (RFC 5465 §3.1). A refused one changes nothing.
func (s *session) notifyAbout(request imap.NotifyRequest) (outcome, error) {
	if len(request.Groups) == 0 {
		s.stopNotifying(new(notification))
		return outcome{}, nil
	}
	if err := checkNotify(&request); err != nil {
		return outcome{}, err
	}
	n := &notification{hearing: hearing{barred: map[string]bool{}}}
	for i := range request.Groups {
		if err := s.addGroup(n, &request.Groups[i]); err != nil {
			return outcome{}, err
		}
	}
	before := s.notify
	s.notify = n
	lines, err := s.startNotifying(&request)
	s.notify = before
	if err != nil {
		n.close()
		return outcome{}, err
	}
	if err := s.tellOthers(); err != nil { // what was wanted until now
		n.close()
		return outcome{}, err
	}
	s.stopNotifying(n)
	for i := range lines {
		s.writeNotice(&lines[i])
	}
	n.catchUp = true // RFC 5465 §3.1: "implies an implicit NOOP"
	err = s.sync(mailview.Send)
	n.catchUp = false
	return outcome{}, err
}

// checkNotify refuses events that do not go together. What is not known is
// refused by NO, so that a client may ask for less (RFC 5465 §3.1, §5).
func checkNotify(request *imap.NotifyRequest) error {
	selected := 0
	for i := range request.Groups {
		if len(request.Groups[i].Unknown) > 0 {
			return no(imap.CodeBadEvent{Events: imap.AllNotifyEvents.Names()}, "An event is not known")
		}
	}
	for i := range request.Groups {
		group := &request.Groups[i]
		changes := group.Events & (imap.NotifyFlagChange | imap.NotifyAnnotationChange)
		switch both := imap.NotifyMessageNew | imap.NotifyMessageExpunge; {
		case group.Events&both != 0 && !group.Events.Has(both):
			return bad("MessageNew and MessageExpunge need each other")
		case changes != 0 && !group.Events.Has(both):
			return bad("FlagChange and AnnotationChange need MessageNew and MessageExpunge")
		}
		if !group.Filter.IsSelected() {
			if len(group.Items) > 0 {
				return bad("Items of new messages are for the selected mailbox")
			}
			continue
		}
		if selected++; selected > 1 { // RFC 5465 §6.1
			return bad("SELECTED or SELECTED-DELAYED can be given once")
		}
		if group.Events&^imap.NotifyMessageEvents != 0 {
			return bad("Only events of messages can be told of the selected mailbox")
		}
	}
	return nil
}

// errNotifyTooMuch refuses what would cost too much (RFC 5465 §3.1).
func errNotifyTooMuch(text string) error { return no(imap.CodeNotificationOverflow, text) }

// addGroup takes a group in, within the limits.
func (s *session) addGroup(n *notification, group *imap.NotifyGroup) error {
	if group.Filter.IsSelected() {
		if len(group.Items) > notifyItemsMax {
			return errNotifyTooMuch("Too many items of new messages")
		}
		n.selected, n.items, n.delayed = group.Events, group.Items, group.Filter == imap.NotifySelectedDelayed
		return nil
	}
	if group.Events == 0 {
		return nil // NONE adds nothing
	}
	var shown []string
	for _, name := range group.Mailboxes {
		if name, ok := s.shownName(name); ok {
			shown = append(shown, name)
		}
	}
	n.groups = append(n.groups, notifyGroup{group.Filter, newNameSet(shown), group.Events})
	n.events |= group.Events
	names, octets := 0, 0
	for i := range n.groups {
		names += len(n.groups[i].names.ends)
		octets += len(n.groups[i].names.text)
	}
	if len(n.groups) > notifyGroupsMax || names > notifyNamesMax || octets > notifyNameOctetsMax {
		return errNotifyTooMuch("Too many mailboxes to be notified about")
	}
	return nil
}

// shownName returns the name by which the session shows what a client names. What
// cannot be a name is ignored, as if there were no such mailbox (RFC 5465 §3.1).
func (s *session) shownName(name string) (string, bool) {
	name = strings.TrimSuffix(name, mail.Separator)
	at, err := s.locate(name)
	if err != nil {
		return "", false
	}
	if at.nowhere { // perhaps because it ends with the login
		if inbox, err := s.find(name + mail.Separator + mail.Inbox); err == nil && !inbox.nowhere {
			return strings.TrimSuffix(inbox.prefix, mail.Separator), true
		}
	}
	normal, err := mail.NormalName(at.name)
	return at.shown(normal), err == nil
}

// startNotifying begins to watch, and returns what is to be said at once. A watch
// begins before the state is read, so that no change falls between the two.
func (s *session) startNotifying(request *imap.NotifyRequest) ([]notice, error) {
	n := s.notify
	if compileFetch(n.items).modSeq {
		if err := s.enableModSeqs(); err != nil {
			return nil, err
		}
	}
	if n.events == 0 {
		return nil, nil
	}
	if err := s.startHearing(&n.hearing); err != nil {
		return nil, err
	}
	var lines []notice
	for _, w := range slices.Concat(n.watched, n.others) {
		err := w.place.account.Read(s.context, func(state mail.State) error {
			if w.place.account.ID() == mail.DirectoryAccount {
				return nil
			}
			if err := s.firstOfOthers(state, w, request.Status && w.isOthers(), &lines); err != nil || !request.Status || w.isOthers() {
				return err
			}
			return s.firstStatus(state, w.place, request, &lines)
		})
		if w.isOthers() {
			err = ignoreGone(err)
		}
		if err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// firstStatus describes each mailbox, other than the selected one, whose messages
// are of interest (RFC 5465 §3.1).
func (s *session) firstStatus(state mail.State, at place, request *imap.NotifyRequest, lines *[]notice) error {
	known := map[mail.MailboxID]bool{}
	add := func(_ mail.State, in *place, mailbox *mail.Mailbox) error {
		if in.account.ID() != at.account.ID() || known[mailbox.ID] {
			return nil
		}
		known[mailbox.ID] = true
		events, err := s.wanted(state, at, mailbox.Name)
		if err != nil {
			return err
		}
		if events &= imap.NotifyMessageEvents; events == 0 || !s.mayHear(at, mailbox) {
			return nil
		}
		if len(*lines) >= notifyMailboxesMax {
			return errNotifyTooMuch("Too many mailboxes to be told of")
		}
		status, err := s.statusOf(state, at, mailbox, s.dialect.firstNoticeItems(events))
		*lines = append(*lines, notice{status: &status})
		return err
	}
	for i := range request.Groups {
		group := &request.Groups[i]
		source := imap.SearchSource{Mailboxes: group.Mailboxes}
		switch group.Filter {
		case imap.NotifyInboxes:
			source.Kind = imap.SourceInboxes
		case imap.NotifyPersonal:
			source.Kind = imap.SourcePersonal
		case imap.NotifySubscribed:
			source.Kind = imap.SourceSubscribed
		case imap.NotifySubtree:
			source.Kind = imap.SourceSubtree
		case imap.NotifyMailboxes:
			source.Kind = imap.SourceMailboxes
		default:
			continue
		}
		if err := s.eachMailbox(state, source, add); err != nil {
			return err
		}
	}
	return nil
}
