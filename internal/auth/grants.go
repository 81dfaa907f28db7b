package auth

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/restante/restante/internal/mail"
)

// The directory keeps which accounts have granted anything to whom, so that a
// list of what a user can see looks at those alone. The lists of the mailboxes
// are the truth: an entry here may be one too many, never one too few.
//
//	grant/<grantee>/<16 hex digits>   grantEntry; the digits are the account that grants
const (
	groupPrefix = "group/"
	grantPrefix = "grant/"

	// groupSign begins the identifier of a group.
	groupSign = "$"
)

// grantEntry says that there is a grant.
type grantEntry struct {
	Version int `json:"version"`
	key     string
	owner   mail.AccountID
}

// granteeKey is the grantee's part of a key, with what is before it.
func granteeKey(g mail.Grantee) string {
	switch g.Kind {
	case mail.GranteeAccount:
		return fmt.Sprintf("%saccount-%016x", grantPrefix, g.ID)
	case mail.GranteeGroup:
		return fmt.Sprintf("%sgroup-%016x", grantPrefix, g.ID)
	case mail.GranteeAnonymous:
		return grantPrefix + "anonymous"
	}
	return grantPrefix + "anyone"
}

func grantKey(g mail.Grantee, owner mail.AccountID) string {
	return fmt.Sprintf("%s/%016x", granteeKey(g), uint64(owner))
}

// parseGrant reads a grant's entry.
func parseGrant(entry mail.Entry) (any, error) {
	at := strings.LastIndexByte(entry.Key, '/')
	owner, err := strconv.ParseUint(entry.Key[at+1:], 16, 64)
	if err != nil {
		return nil, fmt.Errorf("directory entry %s: %w", entry.Key, mail.ErrCorrupt)
	}
	grant, err := decodeEntry(entry.Key, entry.Value, func(e *grantEntry) int { return e.Version })
	if err == nil {
		grant.key, grant.owner = entry.Key[:at], mail.AccountID(owner)
	}
	return grant, err
}

// dropGrants removes the grants whose key begins with a prefix.
func (v *view) dropGrants(prefix string) (gone []mail.Record) {
	for _, key := range v.keys(prefix) {
		gone = append(gone, mail.EntryRemoved{Key: prefix + key})
	}
	return gone
}

// withoutGrants removes what an account has granted and was granted.
func (v *view) withoutGrants(id mail.AccountID) []mail.Record {
	gone := v.dropGrants(granteeKey(mail.GranteeOf(id)) + "/")
	for key, owners := range v.grants {
		if slices.Contains(owners, id) {
			gone = append(gone, mail.EntryRemoved{Key: fmt.Sprintf("%s/%016x", key, uint64(id))})
		}
	}
	slices.SortFunc(gone, func(a, b mail.Record) int {
		return cmp.Compare(a.(mail.EntryRemoved).Key, b.(mail.EntryRemoved).Key)
	})
	return slices.Compact(gone)
}

// Subject returns who a user is to access control lists.
func (d *Directory) Subject(ctx context.Context, id mail.AccountID, anonymous bool) (mail.Subject, error) {
	v, err := d.view(ctx)
	if err != nil {
		return mail.Subject{}, err
	}
	return mail.Subject{Account: id, Anonymous: anonymous, Groups: v.groupsOf(id)}, nil
}

// Changes counts the changes of the directory: as long as it stays the same,
// so does everything that the directory says.
func (d *Directory) Changes() uint64 { return d.published.Load() }

// Watch has notify called when the directory changes, until the watch is
// closed.
func (d *Directory) Watch(notify func()) *mail.Watch { return d.account.Watch(notify) }

// Granting lists the accounts that may have mailboxes that a user can see, by
// address. Those that are disabled are closed for everyone.
func (d *Directory) Granting(ctx context.Context, s mail.Subject) ([]AccountInfo, error) {
	v, err := d.view(ctx)
	if err != nil {
		return nil, err
	}
	grantees := []mail.Grantee{{Kind: mail.GranteeAnyone}}
	if s.Anonymous {
		grantees = append(grantees, mail.Grantee{Kind: mail.GranteeAnonymous})
	} else {
		grantees = append(grantees, mail.GranteeOf(s.Account))
		for _, group := range s.Groups {
			grantees = append(grantees, mail.Grantee{Kind: mail.GranteeGroup, ID: group})
		}
	}
	found := map[mail.AccountID]bool{s.Account: true}
	var list []AccountInfo
	for _, grantee := range grantees {
		for _, owner := range v.grants[granteeKey(grantee)] {
			if p, ok := v.byID[owner]; ok && !p.Disabled && !found[owner] {
				found[owner] = true
				list = append(list, v.info(p))
			}
		}
	}
	slices.SortFunc(list, func(a, b AccountInfo) int { return cmp.Compare(a.Address, b.Address) })
	return list, nil
}

// Grantee finds whom an identifier of an access control list names (RFC 4314
// §2): "anyone", "anonymous", a login, "$" and a group, with "-" before it for
// negative rights. It is prepared by SASLprep; ErrBadAddress if that fails or
// leaves nothing (RFC 4314 §3), ErrNotFound if it is nobody's.
func (d *Directory) Grantee(ctx context.Context, identifier string) (mail.Grantee, error) {
	prepared, err := prepareIdentifier(identifier)
	if err != nil {
		return mail.Grantee{}, err
	}
	v, err := d.view(ctx)
	if err != nil {
		return mail.Grantee{}, err
	}
	name, negative := strings.CutPrefix(prepared, "-")
	grantee, err := v.grantee(name)
	grantee.Negative = negative
	return grantee, err
}

func (v *view) grantee(name string) (mail.Grantee, error) {
	switch {
	case name == "anyone":
		return mail.Grantee{Kind: mail.GranteeAnyone}, nil
	case name == "anonymous":
		return mail.Grantee{Kind: mail.GranteeAnonymous}, nil
	case strings.HasPrefix(name, groupSign):
		normal, err := normalGroup(name)
		if group := v.group(normal); err == nil && group != nil {
			return mail.Grantee{Kind: mail.GranteeGroup, ID: group.ID}, nil
		}
		return mail.Grantee{}, fmt.Errorf("group %s %w", name, ErrNotFound)
	}
	p, err := v.account(name)
	if err != nil {
		return mail.Grantee{}, fmt.Errorf("identifier %s %w", name, ErrNotFound)
	}
	return mail.GranteeOf(p.id), nil
}

// Identifiers names the grantees of a list; "" stands for those that are gone.
func (d *Directory) Identifiers(ctx context.Context, list []mail.AccessEntry) ([]string, error) {
	v, err := d.view(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(list))
	for i, entry := range list {
		names[i] = v.identifier(entry.Grantee)
	}
	return names, nil
}

func (v *view) identifier(g mail.Grantee) (name string) {
	switch g.Kind {
	case mail.GranteeAnyone:
		name = "anyone"
	case mail.GranteeAnonymous:
		name = "anonymous"
	case mail.GranteeGroup:
		for _, group := range v.groups {
			if group.ID == g.ID {
				name = groupSign + group.name
			}
		}
	case mail.GranteeAccount:
		if p, ok := v.byID[mail.AccountID(g.ID)]; ok {
			name = v.addressOf(p).String()
		}
	}
	if name != "" && g.Negative {
		name = "-" + name
	}
	return name
}
