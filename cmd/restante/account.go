package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/restante/restante/internal/auth"
)

func newAccount(std streams) *cobra.Command {
	command := &cobra.Command{
		Use:   "account",
		Short: "Add, list and change accounts and aliases",
		Long: `Accounts are changed through the running server, or in the store if no server
has it open.

A login name is "u0001" in the default domain, or "u0001@example.org".`,
		Example: `  restante account add u0001
  printf secret | restante account add u0001 u0002 --data /var/lib/restante
  restante account passwd u0001@example.org
  restante account alias sales u0001 u0002
  restante account list --json`,
	}
	command.AddCommand(
		newAccountAdd(std), newAccountList(std), newAccountPasswd(std), newAccountAlias(std), newAccountRefer(std), newAccountQuota(std),
		newAccountChange(std, "disable", "Take no logins and no mail for an account", "account.disable"),
		newAccountChange(std, "enable", "Take logins and mail for an account again", "account.enable"),
		newAccountChange(std, "promote", "Make an administrator of an account, who can set quotas over IMAP", "account.promote"),
		newAccountChange(std, "demote", "Make an ordinary user of an administrator again", "account.demote"),
		newAccountChange(std, "delete", "Delete an account and all its mail, for ever", "account.delete"),
	)
	return command
}

func newAccountAdd(std streams) *cobra.Command {
	var data, domain string
	var asJSON, shared bool
	command := &cobra.Command{
		Use:   "add NAME...",
		Short: "Add accounts; the password is asked for, or read from standard input",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(command *cobra.Command, names []string) error {
			var password string
			var err error
			if !shared {
				password, err = readPassword(command.Context(), std, true)
			}
			if err != nil {
				return err
			}
			var added []auth.AccountInfo
			failed := administer(command.Context(), data, "account.add", addArguments{names, password, domain, shared}, &added)
			if asJSON {
				err = printJSON(std.out, added)
			} else {
				for _, account := range added {
					_, err = fmt.Fprintf(std.out, "added %s\n", account.Address)
				}
			}
			if failed != nil {
				return failed
			}
			return err
		},
	}
	addData(command, &data)
	command.Flags().StringVar(&domain, "domain", "", "domain of names without one; it becomes the server's own, and its default if it has none")
	addJSON(command, &asJSON)
	command.Flags().BoolVar(&shared, "shared", false, "accounts without a password, whose mailboxes others see under Shared/ as far as \"restante acl\" lets them")
	return command
}

func newAccountList(std streams) *cobra.Command {
	return listing[accountFigures]{"account.list", "ACCOUNT\tID\tCREATED\tSTATE\tSTORAGE\tMESSAGES", func(a accountFigures) string {
		state := "active"
		if a.Disabled {
			state = "disabled"
		}
		if a.Shared {
			state += ", shared"
		}
		if a.Admin {
			state += ", administrator"
		}
		if a.Referral != nil {
			state += ", lives at " + a.Referral.URL
		}
		return fmt.Sprintf("%s\t%d\t%s\t%s\t%s\t%s", a.Address, a.ID, a.Created.Format(time.DateOnly), state, a.Storage.octets(), a.Messages.count())
	}}.command(std, "List accounts")
}

func newAccountPasswd(std streams) *cobra.Command {
	var data string
	command := &cobra.Command{
		Use:   "passwd NAME",
		Short: "Change a password; it is asked for, or read from standard input",
		Args:  cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, names []string) error {
			password, err := readPassword(command.Context(), std, true)
			if err != nil {
				return err
			}
			return administer(command.Context(), data, "account.passwd", accountArguments{names[0], password}, nil)
		},
	}
	addData(command, &data)
	return command
}

func newAccountChange(_ streams, use, short, operation string) *cobra.Command {
	var data string
	command := &cobra.Command{
		Use:   use + " NAME",
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, names []string) error {
			return administer(command.Context(), data, operation, accountArguments{Account: names[0]}, nil)
		},
	}
	addData(command, &data)
	return command
}

func newAccountAlias(std streams) *cobra.Command {
	var data string
	var remove, asJSON bool
	command := &cobra.Command{
		Use:   "alias [ADDRESS TARGET...]",
		Short: "Make an address stand for accounts of this server, or list such addresses",
		Example: `  restante account alias sales u0001 u0002
  restante account alias sales --remove
  restante account alias`,
		RunE: func(command *cobra.Command, names []string) error {
			ctx := command.Context()
			switch {
			case remove && len(names) == 1:
				return administer(ctx, data, "alias.remove", aliasArguments{Address: names[0]}, nil)
			case remove || len(names) == 1:
				return fmt.Errorf("an alias is set as ADDRESS TARGET..., and removed as ADDRESS --remove")
			case len(names) > 1:
				return administer(ctx, data, "alias.set", aliasArguments{names[0], names[1:]}, nil)
			}
			return listing[auth.AliasInfo]{"alias.list", "", func(a auth.AliasInfo) string {
				return a.Address + ": " + strings.Join(a.Targets, " ")
			}}.print(ctx, std, data, nothing{}, asJSON)
		},
	}
	addData(command, &data)
	command.Flags().BoolVar(&remove, "remove", false, "remove the alias")
	addJSON(command, &asJSON)
	return command
}
