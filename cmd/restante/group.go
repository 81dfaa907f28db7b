package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/restante/restante/internal/auth"
)

type groupArguments struct {
	Group   string   `json:"group"`
	Members []string `json:"members,omitempty"`
}

func onGroup(change func(*auth.Directory, context.Context, string) error) func(context.Context, *auth.Directory, groupArguments) (any, error) {
	return func(ctx context.Context, d *auth.Directory, a groupArguments) (any, error) {
		return nothing{}, change(d, ctx, a.Group)
	}
}

func onMembers(change func(*auth.Directory, context.Context, string, []string) error) func(context.Context, *auth.Directory, groupArguments) (any, error) {
	return func(ctx context.Context, d *auth.Directory, a groupArguments) (any, error) {
		return nothing{}, change(d, ctx, a.Group, a.Members)
	}
}

func newGroup(std streams) *cobra.Command {
	command := &cobra.Command{
		Use:   "group",
		Short: "Keep groups of users, who can be given rights together",
		Long: `A group stands in access control lists as "$" and its name. Who joins it has its
rights at once, and who leaves it loses them, also in sessions that are open.`,
		Example: `  restante group add support
  restante group join support u0001 u0002@example.org
  restante acl set team@example.org INBOX '$support' lrswit
  restante group list`,
	}
	command.AddCommand(newGroupList(std),
		newGroupChange("add NAME", "Make a group without members", "group.add", cobra.ExactArgs(1)),
		newGroupChange("remove NAME", "Remove a group, and the rights that it was given", "group.remove", cobra.ExactArgs(1)),
		newGroupChange("join NAME ACCOUNT...", "Make accounts members of a group", "group.join", cobra.MinimumNArgs(2)),
		newGroupChange("leave NAME ACCOUNT...", "Take accounts out of a group", "group.leave", cobra.MinimumNArgs(2)))
	return command
}

func newGroupChange(use, short, operation string, count cobra.PositionalArgs) *cobra.Command {
	var data string
	command := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  count,
		RunE: func(command *cobra.Command, names []string) error {
			return administer(command.Context(), data, operation, groupArguments{names[0], names[1:]}, nil)
		},
	}
	addData(command, &data)
	return command
}

func newGroupList(std streams) *cobra.Command {
	return listing[auth.GroupInfo]{"group.list", "GROUP\tMEMBERS", func(g auth.GroupInfo) string {
		return g.Name + "\t" + strings.Join(g.Members, " ")
	}}.command(std, "List groups and their members")
}
