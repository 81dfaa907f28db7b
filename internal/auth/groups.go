package auth

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/restante/restante/internal/mail"
)

// groupEntry is a group of users. Its number is never given again: whoever
// makes another group of the same name makes a group without rights.
type groupEntry struct {
	Version int              `json:"version"`
	ID      uint64           `json:"id"`
	Members []mail.AccountID `json:"members"` // ascending
}

// GroupInfo describes one group.
type GroupInfo struct {
	Name    string   `json:"name"` // as it is named to "restante group", without $
	Members []string `json:"members"`
}

// normalGroup returns the name of a group as they are compared. ErrBadAddress.
func normalGroup(name string) (string, error) {
	bad := func(why string) (string, error) {
		return "", fmt.Errorf("%w: the name of a group %s", ErrBadAddress, why)
	}
	name = strings.ToLower(norm.NFC.String(strings.TrimPrefix(name, groupSign)))
	switch {
	case name == "" || len(name) > localMax:
		return bad(fmt.Sprintf("has 1 to %d octets", localMax))
	case !utf8.ValidString(name):
		return bad("is UTF-8")
	}
	for _, r := range name {
		if unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune("\"\\@/$", r) {
			return bad(fmt.Sprintf("cannot hold %q", r))
		}
	}
	return name, nil
}

// AddGroup makes a group without members. ErrBadAddress, ErrExists.
func (d *Directory) AddGroup(ctx context.Context, name string) error {
	name, err := normalGroup(name)
	if err != nil {
		return err
	}
	return d.commit(ctx, func(v *view) ([]mail.Record, error) {
		if v.group(name) != nil {
			return nil, fmt.Errorf("group %s %w", name, ErrExists)
		}
		settings := v.settings
		settings.Version, settings.NextAccount, settings.NextGroup = entryVersion, v.nextAccount(), max(v.settings.NextGroup, 1)+1
		group := groupEntry{Version: entryVersion, ID: settings.NextGroup - 1, Members: []mail.AccountID{}}
		return records(entry{settingKey, settings}, entry{groupPrefix + name, group})
	})
}

// RemoveGroup removes a group, and with it what it was granted. ErrNotFound.
func (d *Directory) RemoveGroup(ctx context.Context, name string) error {
	return d.changeGroup(ctx, name, func(v *view, name string, group groupEntry) ([]mail.Record, error) {
		gone := []mail.Record{mail.EntryRemoved{Key: groupPrefix + name}}
		return append(gone, v.dropGrants(granteeKey(mail.Grantee{Kind: mail.GranteeGroup, ID: group.ID})+"/")...), nil
	})
}

// JoinGroup makes accounts members of a group, and LeaveGroup takes them out.
// Either is good if it is so already. ErrNotFound.
func (d *Directory) JoinGroup(ctx context.Context, name string, members []string) error {
	return d.changeMembers(ctx, name, members, true)
}

// LeaveGroup is described at JoinGroup.
func (d *Directory) LeaveGroup(ctx context.Context, name string, members []string) error {
	return d.changeMembers(ctx, name, members, false)
}

func (d *Directory) changeMembers(ctx context.Context, name string, members []string, in bool) error {
	return d.changeGroup(ctx, name, func(v *view, name string, group groupEntry) ([]mail.Record, error) {
		group.Members = slices.Clone(group.Members)
		for _, member := range members {
			p, err := v.account(member)
			if err != nil {
				return nil, err
			}
			at, found := slices.BinarySearch(group.Members, p.id)
			switch {
			case in && !found:
				group.Members = slices.Insert(group.Members, at, p.id)
			case !in && found:
				group.Members = slices.Delete(group.Members, at, at+1)
			}
		}
		return records(entry{groupPrefix + name, group})
	})
}

func (d *Directory) changeGroup(ctx context.Context, name string, edit func(*view, string, groupEntry) ([]mail.Record, error)) error {
	normal, err := normalGroup(name)
	if err != nil {
		return err
	}
	return d.commit(ctx, func(v *view) ([]mail.Record, error) {
		group := v.group(normal)
		if group == nil {
			return nil, fmt.Errorf("group %s %w", normal, ErrNotFound)
		}
		return edit(v, normal, *group)
	})
}

// Groups lists the groups by name.
func (d *Directory) Groups(ctx context.Context) ([]GroupInfo, error) {
	v, err := d.view(ctx)
	if err != nil {
		return nil, err
	}
	list := []GroupInfo{}
	for _, name := range v.keys(groupPrefix) {
		info := GroupInfo{Name: name, Members: []string{}}
		for _, id := range v.group(name).Members {
			if p, ok := v.byID[id]; ok {
				info.Members = append(info.Members, v.addressOf(p).String())
			}
		}
		list = append(list, info)
	}
	return list, nil
}

func (v *view) group(name string) *groupEntry {
	group, _ := v.parsed[groupPrefix+name].(*groupEntry)
	return group
}

// groupsOf returns the numbers of the groups that an account is in.
func (v *view) groupsOf(id mail.AccountID) (groups []uint64) {
	for _, group := range v.groups {
		if _, in := slices.BinarySearch(group.Members, id); in {
			groups = append(groups, group.ID)
		}
	}
	slices.Sort(groups)
	return groups
}

// withoutMember takes an account that goes out of its groups.
func (v *view) withoutMember(id mail.AccountID) ([]mail.Record, error) {
	var made []mail.Record
	for _, name := range v.keys(groupPrefix) {
		group := *v.group(name)
		at, found := slices.BinarySearch(group.Members, id)
		if !found {
			continue
		}
		group.Members = slices.Delete(slices.Clone(group.Members), at, at+1)
		more, err := records(entry{groupPrefix + name, group})
		if err != nil {
			return nil, err
		}
		made = append(made, more...)
	}
	return made, nil
}
