package imapserver

import (
	"errors"
	"slices"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/mailview"
)

// multiSearch is the parser of ESEARCH, whose answers repeat the tag.
func multiSearch(d *imapwire.Decoder, tag string) (request, error) {
	arguments, err := imapwire.DecodeESearch(d, tag)
	return func(s *session) (outcome, error) { return s.multiSearch(&arguments) }, err
}

// multiSearch is ESEARCH: a search of several mailboxes (RFC 7377).
func (s *session) multiSearch(request *imap.SearchRequest) (outcome, error) {
	if err := s.checkSources(request); err != nil {
		return outcome{}, err
	}
	targets, err := s.searchTargets(request.Sources)
	if err != nil {
		return outcome{}, err
	}
	var out outcome
	for _, target := range targets {
		one, err := s.searchIn(target, request)
		if err != nil {
			if request.Return.Save && explain(err).status == imap.StatusNo {
				s.saved = savedSearch{} // RFC 9051 §6.4.4.1
			}
			return outcome{}, err
		}
		out.hold = out.hold || one.hold
		if limit, isLimit := one.code.(imap.CodeMessageLimit); isLimit {
			out.code, out.text = limit, one.text
			if len(targets) > 1 { // no one UID says how far they were searched
				out.code = imap.CodeMessageLimit{Limit: limit.Limit}
			}
		}
		if err := s.enc.Err(); err != nil {
			return outcome{}, broken(err)
		}
	}
	isSelected := func(t searchTarget) bool { return t.selected }
	if request.Return.Update && !slices.ContainsFunc(targets, isSelected) {
		s.enc.Untagged(imap.StatusNo, imap.CodeNoUpdate{Tag: request.Tag}, "Only the selected mailbox is kept up to date")
	}
	return out, nil
}

// checkSources refuses what makes no sense in the session's state
// (RFC 7377 §2.2).
func (s *session) checkSources(request *imap.SearchRequest) error {
	if err := s.checkCharset(request.Charset, false); err != nil {
		return err
	}
	onlySelected := true
	for _, source := range request.Sources {
		onlySelected = onlySelected && source.Kind == imap.SourceSelected
		if source.Kind == imap.SourceSelected && s.mailbox == nil {
			return bad("No mailbox is selected")
		}
	}
	switch {
	case request.Return.Save && !onlySelected:
		return bad("SAVE needs the selected mailbox as the only one")
	case request.Return.Update && s.mailbox == nil:
		return bad("UPDATE needs a selected mailbox")
	case s.mailbox != nil:
		return s.checkUpdate(request)
	}
	return nil
}

// searchTargets returns the mailboxes that the sources name, each once. Those
// that do not exist are passed over, and those that the user may not read
// (RFC 7377 §2.2).
func (s *session) searchTargets(sources []imap.SearchSource) ([]searchTarget, error) {
	var targets []searchTarget
	type key struct {
		account mail.AccountID
		mailbox mail.MailboxID
	}
	known := map[key]bool{}
	add := func(state mail.State, at *place, mailbox *mail.Mailbox) error {
		this := key{at.account.ID(), mailbox.ID}
		if known[this] || !at.rights(mailbox).Has(mail.RightRead) {
			return nil
		}
		if len(targets) == searchMailboxesMax {
			return no(imap.CodeLimit, "Too many mailboxes to search at once")
		}
		known[this] = true
		target, err := s.targetOf(state, at, mailbox)
		targets = append(targets, target)
		return err
	}
	err := s.account.Read(s.context, func(state mail.State) error {
		for _, source := range sources {
			if err := s.eachMailbox(state, source, add); err != nil {
				return err
			}
		}
		return nil
	})
	return targets, err
}

// targetOf returns a mailbox as the session sees it: the selected one as its
// client knows it, another as it is.
func (s *session) targetOf(state mail.State, at *place, mailbox *mail.Mailbox) (searchTarget, error) {
	if s.mailbox != nil && s.mailbox.account.ID() == at.account.ID() && s.mailbox.id == mailbox.ID {
		return s.selectedTarget(), nil
	}
	uids, err := state.UIDs(mailbox.ID)
	return searchTarget{
		account: at.account, id: mailbox.ID, name: at.shown(mailbox.Name), uidValidity: mailbox.UIDValidity,
		view: mailview.New(mailbox.ID, state.ModSeq(), uids),
	}, err
}

// addTarget takes a mailbox of a place's account.
type addTarget func(mail.State, *place, *mail.Mailbox) error

// eachMailbox calls add with each mailbox that a source names.
func (s *session) eachMailbox(state mail.State, source imap.SearchSource, add addTarget) error {
	switch source.Kind {
	case imap.SourceSelected:
		at := s.mailbox.place
		return s.within(state, &at, func(state mail.State) error {
			return addMailbox(add, state, &at)(state.Mailbox(s.mailbox.id))
		})
	case imap.SourceInboxes:
		return s.eachNamed(state, []string{mail.Inbox}, add)
	case imap.SourceSubscribed:
		var names []string
		for name, err := range state.Subscriptions() {
			if err != nil {
				return err
			}
			names = append(names, name)
		}
		return s.eachNamed(state, names, func(state mail.State, at *place, mailbox *mail.Mailbox) error {
			if !at.rights(mailbox).Visible() {
				return nil
			}
			return add(state, at, mailbox)
		})
	case imap.SourceMailboxes:
		return s.eachNamed(state, source.Mailboxes, add)
	}
	return s.eachInTree(state, source, add)
}

// within calls use with the state of a place's account: that of the user's own
// is at hand.
func (s *session) within(state mail.State, at *place, use func(mail.State) error) error {
	if at.isHome() {
		return use(state)
	}
	return ignoreGone(at.account.Read(s.context, use))
}

// eachNamed calls add with the mailboxes that have these names.
func (s *session) eachNamed(state mail.State, names []string, add addTarget) error {
	for _, name := range names {
		at, err := s.find(name)
		if err != nil {
			return err
		}
		err = s.within(state, &at, func(state mail.State) error {
			return addMailbox(add, state, &at)(at.mailbox(state, 0))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// addMailbox passes a mailbox on that was found, and one over that was not.
func addMailbox(add addTarget, state mail.State, at *place) func(*mail.Mailbox, error) error {
	return func(mailbox *mail.Mailbox, err error) error {
		if errors.Is(err, mail.ErrNoMailbox) {
			return nil
		}
		if err != nil {
			return err
		}
		return add(state, at, mailbox)
	}
}

// eachInTree calls add with each mailbox of a subtree that the user may list,
// or of all his own: names make the hierarchy, in which there are no loops.
func (s *session) eachInTree(state mail.State, source imap.SearchSource, add addTarget) error {
	var tops []string
	for _, name := range source.Mailboxes {
		if normal, err := mail.NormalName(strings.TrimSuffix(name, mail.Separator)); err == nil {
			tops = append(tops, normal)
		}
	}
	within := func(name string) bool {
		return slices.ContainsFunc(tops, func(top string) bool {
			rest, below := strings.CutPrefix(name, top+mail.Separator)
			return name == top || below && (source.Kind == imap.SourceSubtree || !strings.Contains(rest, mail.Separator))
		})
	}
	each := func(state mail.State, at *place) error {
		for mailbox, err := range state.Mailboxes("") {
			if err == nil && (source.Kind == imap.SourcePersonal || within(at.shown(mailbox.Name))) && at.rights(mailbox).Visible() {
				err = add(state, at, mailbox)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	home, err := s.home("")
	if err == nil {
		err = each(state, &home)
	}
	if err != nil {
		return err
	}
	return s.eachVisited(func(prefix string) bool {
		return slices.ContainsFunc(tops, func(top string) bool {
			return strings.HasPrefix(top+mail.Separator, prefix) || strings.HasPrefix(prefix, top+mail.Separator)
		})
	}, each)
}
