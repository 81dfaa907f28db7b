package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/restante/restante/internal/auth"
)

type aclArguments struct {
	Account    string `json:"account"`
	Mailbox    string `json:"mailbox,omitempty"`
	Identifier string `json:"identifier,omitempty"`
	Rights     string `json:"rights,omitempty"`
}

func listAccess(ctx context.Context, d *auth.Directory, a aclArguments) (any, error) {
	return d.Access(ctx, a.Account, a.Mailbox)
}

func setAccess(ctx context.Context, d *auth.Directory, a aclArguments) (any, error) {
	return nothing{}, d.SetAccess(ctx, a.Account, a.Mailbox, a.Identifier, a.Rights)
}

func mendGrants(ctx context.Context, d *auth.Directory, _ nothing) (any, error) {
	return nothing{}, d.MendGrants(ctx)
}

func newACL(std streams) *cobra.Command {
	command := &cobra.Command{
		Use:   "acl",
		Short: "List and change who may do what with mailboxes",
		Long: `Rights are the letters of RFC 4314: l see it, r read it, s keep messages seen,
w set other flags, i put messages in, p send mail to it, k make mailboxes below it,
x delete it, t mark messages deleted, e expunge them, a administer it, n annotate it.
"+" or "-" before them adds rights or takes them away; no rights are "".

An identifier is an account, "$" and the name of a group, "anyone" or "anonymous";
"-" before it takes rights away that it has otherwise.`,
		Example: `  restante acl set team@example.org INBOX '$support' lrswi
  restante acl set u0001 Projects u0002@example.org +k
  restante acl delete u0001 Projects u0002@example.org
  restante acl list team@example.org --json`,
	}
	command.AddCommand(newACLList(std),
		newACLChange("set ACCOUNT MAILBOX IDENTIFIER RIGHTS", "Give rights on a mailbox, or take them away", 4),
		newACLChange("delete ACCOUNT MAILBOX IDENTIFIER", "Take all rights on a mailbox that an identifier was given", 3),
		newACLMend())
	return command
}

func newACLList(std streams) *cobra.Command {
	var data string
	var asJSON bool
	command := &cobra.Command{
		Use:   "list ACCOUNT [MAILBOX]",
		Short: "List who was given rights on the mailboxes of an account, or on one of them",
		Args:  cobra.RangeArgs(1, 2),
		RunE: func(command *cobra.Command, names []string) error {
			arguments := aclArguments{Account: names[0]}
			if len(names) == 2 {
				arguments.Mailbox = names[1]
			}
			return listing[auth.AccessInfo]{"acl.list", "MAILBOX\tIDENTIFIER\tRIGHTS", func(info auth.AccessInfo) string {
				return fmt.Sprintf("%s\t%s\t%s", info.Mailbox, info.Identifier, info.Rights)
			}}.print(command.Context(), std, data, arguments, asJSON)
		},
	}
	addData(command, &data)
	addJSON(command, &asJSON)
	return command
}

func newACLChange(use, short string, count int) *cobra.Command {
	var data string
	command := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  cobra.ExactArgs(count),
		RunE: func(command *cobra.Command, words []string) error {
			arguments := aclArguments{Account: words[0], Mailbox: words[1], Identifier: words[2]}
			if count == 4 {
				arguments.Rights = words[3]
			}
			return administer(command.Context(), data, "acl.set", arguments, nil)
		},
	}
	// What begins with "-" behind the account is an identifier or rights.
	command.Flags().SetInterspersed(false)
	addData(command, &data)
	return command
}

func newACLMend() *cobra.Command {
	var data string
	command := &cobra.Command{
		Use:   "mend",
		Short: "Make the directory note what the lists say, where \"restante check\" found that it does not",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return administer(command.Context(), data, "acl.mend", nothing{}, nil)
		},
	}
	addData(command, &data)
	return command
}
