package mail

import (
	"cmp"
	"slices"
	"strings"
)

// Grantee is whom an entry of an access control list is about (RFC 4314 §2).
// Accounts and groups are named by numbers that are never given again, so that
// an entry follows a login that changes, and dies with what it named.
type Grantee struct {
	Kind GranteeKind
	ID   uint64 // of the account or the group; else 0
	// Negative says that the entry takes rights away: "-identifier".
	Negative bool
}

// GranteeKind is what kind of identifier a grantee is.
type GranteeKind uint8

// The kinds of Grantee.
const (
	GranteeAccount   GranteeKind = iota + 1
	GranteeGroup                 // of the directory
	GranteeAnyone                // every user, also anonymous ones
	GranteeAnonymous             // who has logged in without a name
)

// GranteeOf is the account as a grantee.
func GranteeOf(id AccountID) Grantee { return Grantee{Kind: GranteeAccount, ID: uint64(id)} }

// AccessEntry is one entry of an access control list.
type AccessEntry struct {
	Grantee
	Rights Rights
}

func compareAccess(a, b AccessEntry) int {
	negative := func(e AccessEntry) int {
		if e.Negative {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), negative(a)-negative(b))
}

// AccessChanged replaces what one grantee has on a mailbox, or removes it.
type AccessChanged struct {
	Mailbox MailboxID
	Grantee Grantee
	Rights  Rights
	Removed bool
}

func (AccessChanged) record() {}

// WithAccess returns an access control list with one change applied. It is in
// a fixed order and names each grantee once; the one given is not changed.
func WithAccess(list []AccessEntry, change AccessChanged) []AccessEntry {
	entry := AccessEntry{change.Grantee, change.Rights}
	at, found := slices.BinarySearchFunc(list, entry, compareAccess)
	changed := slices.Clone(list)
	switch {
	case change.Removed && found:
		changed = slices.Delete(changed, at, at+1)
	case change.Removed:
	case found:
		changed[at] = entry
	default:
		changed = slices.Insert(changed, at, entry)
	}
	if len(changed) == 0 {
		return nil
	}
	return changed
}

// Subject is who asks for access: a user, and the groups he is in.
type Subject struct {
	Account AccountID
	// Anonymous says that the user has not said who he is; Account is then
	// where he is put, and where he may read.
	Anonymous bool
	Groups    []uint64 // ascending
}

// Is reports whether a grantee is, or includes, the subject.
func (s *Subject) Is(g Grantee) bool {
	switch g.Kind {
	case GranteeAccount:
		return !s.Anonymous && g.ID == uint64(s.Account)
	case GranteeGroup:
		_, in := slices.BinarySearch(s.Groups, g.ID)
		return in && !s.Anonymous
	case GranteeAnyone:
		return true
	case GranteeAnonymous:
		return s.Anonymous
	}
	return false
}

// OwnerRights are what nobody can take from the owner of a mailbox, who could
// not give himself the others back without them (RFC 4314 §3.4).
const OwnerRights = RightLookup | RightAdminister

// AnonymousRights are all that can be granted to who has not said who he is, by
// whatever entry (RFC 4314 §2): he reads (RFC 4505 §5).
const AnonymousRights = RightLookup | RightRead

// Actor is who acts on the mailboxes of an account. A nil Actor is the server
// itself, which may do everything.
type Actor struct {
	Owner AccountID // of the mailboxes
	Subject
}

// Rights returns what the actor may do with a mailbox of the owner's: the
// union of what is granted to him, to his groups and to anyone, less what the
// negative entries that apply to him take away (RFC 4314 §2). The owner has
// every right, unless the list has an entry for him, and OwnerRights always;
// nobody has more than AnonymousRights.
func (a *Actor) Rights(m *Mailbox) Rights {
	if a == nil {
		return AllRights
	}
	var granted, denied, always Rights
	switch {
	case a.Account == a.Owner && a.Anonymous:
		granted = AnonymousRights // whoever comes may look
	case a.Account == a.Owner:
		granted, always = AllRights, OwnerRights
		if _, own := m.AccessOf(GranteeOf(a.Owner)); own {
			granted = 0
		}
	}
	for _, entry := range m.Access {
		switch {
		case !a.Is(entry.Grantee):
		case entry.Negative:
			denied |= entry.Rights
		default:
			granted |= entry.Rights
		}
	}
	if a.Anonymous {
		granted &= AnonymousRights
	}
	return granted&^denied | always
}

// Grantable returns what a grantee always has on mailboxes of an owner, and
// what he can be granted besides (RFC 4314 §3.4).
func Grantable(owner AccountID, to Grantee) (always, others Rights) {
	switch {
	case to == GranteeOf(owner):
		always, others = OwnerRights, AllRights
	case to == Grantee{Kind: GranteeAnonymous}:
		others = AnonymousRights
	default:
		others = AllRights
	}
	return always, others &^ always
}

// isAtHome reports whether the actor is the owner, or the server.
func (a *Actor) isAtHome() bool { return a == nil || a.Account == a.Owner && !a.Anonymous }

// Permit says whether the actor has rights on a mailbox: ErrNoMailbox if he
// may not even know of it, ErrNotPermitted if only the rights are missing
// (RFC 4314 §6).
func (a *Actor) Permit(m *Mailbox, need Rights) error {
	return permit(a.Rights(m), need)
}

func permit(have, need Rights) error {
	switch {
	case have.Has(need):
		return nil
	case !have.Visible():
		return ErrNoMailbox
	}
	return ErrNotPermitted
}

// Visible reports whether who has these rights may list the mailbox: else what
// he may not do fails as if there were none (RFC 4314 §6).
func (r Rights) Visible() bool { return r.Has(RightLookup) }

// Any reports whether MYRIGHTS may answer with these rights (RFC 4314 §4).
func (r Rights) Any() bool {
	return r&(RightLookup|RightRead|RightInsert|RightCreate|RightDeleteMailbox|RightAdminister) != 0
}

// AccessOf returns what a mailbox's list grants to exactly one grantee, and
// whether it has an entry for it.
func (m *Mailbox) AccessOf(g Grantee) (Rights, bool) {
	at, found := slices.BinarySearchFunc(m.Access, AccessEntry{Grantee: g}, compareAccess)
	if !found {
		return 0, false
	}
	return m.Access[at].Rights, true
}

// Virtual rights of RFC 4314 §2.1.1: members of "create" and of "delete". DELETE
// is part of "create", so that who could not delete mailboxes cannot now.
const (
	createRights = RightCreate | RightDeleteMailbox
	deleteRights = RightDeleteMessages | RightExpunge
)

// ParseRights reads a list of rights, with the "c" and "d" of RFC 2086. false
// if one of them is not known.
func ParseRights(letters string) (rights Rights, ok bool) {
	for i := range len(letters) {
		switch at := strings.IndexByte(rightLetters, letters[i]); {
		case letters[i] == 'c':
			rights |= createRights
		case letters[i] == 'd':
			rights |= deleteRights
		case at < 0:
			return 0, false
		default:
			rights |= 1 << at
		}
	}
	return rights, true
}

// ParseRightsChange reads what SETACL is given: rights that replace those that
// there are, or behind "+" or "-" are added or taken away (RFC 4314 §3.1).
func ParseRightsChange(text string) (change func(Rights) Rights, ok bool) {
	how, letters := byte(0), text
	if strings.HasPrefix(text, "+") || strings.HasPrefix(text, "-") {
		how, letters = text[0], text[1:]
	}
	rights, ok := ParseRights(letters)
	return func(have Rights) Rights {
		switch how {
		case '+':
			return have | rights
		case '-':
			return have &^ rights
		}
		return rights
	}, ok
}

// Told returns the letters as responses have them: with "c" and "d" beside any
// of their members (RFC 4314 §2.1.1).
func (r Rights) Told() string {
	letters := r.String()
	if r&createRights != 0 {
		letters += "c"
	}
	if r&deleteRights != 0 {
		letters += "d"
	}
	return letters
}
