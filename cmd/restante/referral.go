package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/mail"
)

// referArguments are what "account refer" and "mailbox refer" ask for. Without
// URLs a referral is removed; without a mailbox it is the account's.
type referArguments struct {
	Account string   `json:"account"`
	Mailbox string   `json:"mailbox,omitempty"`
	URLs    []string `json:"urls,omitempty"`
	Open    bool     `json:"open,omitempty"`
}

func newAccountRefer(_ streams) *cobra.Command {
	var data string
	var open, remove bool
	command := &cobra.Command{
		Use:   "refer NAME URL",
		Short: "Say that an account lives on another server",
		Long: `Say that an account lives on another server, as an IMAP URL (RFC 5092). Whoever
logs in to it, and has proven to be its owner, is told where it is (RFC 2221);
mail for it is refused, because nobody would read it here. What the account has
here stays, and is there again when the referral is removed.

A URL without a user gets the account's name, with any mechanism.`,
		Example: `  restante account refer u0001 imap://mail2.example.org/
  restante account refer u0001 'imap://ann;AUTH=*@mail2.example.org/' --open
  restante account refer u0001 --remove`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(command *cobra.Command, names []string) error {
			if remove == (len(names) == 2) {
				return fmt.Errorf("a referral is set as NAME URL, and removed as NAME --remove")
			}
			return administer(command.Context(), data, "account.refer", referArguments{Account: names[0], URLs: names[1:], Open: open}, nil)
		},
	}
	addData(command, &data)
	command.Flags().BoolVar(&open, "open", false, "let the account log in here too, for mailboxes that others share with it")
	command.Flags().BoolVar(&remove, "remove", false, "say that the account lives here")
	return command
}

func newMailbox(std streams) *cobra.Command {
	command := &cobra.Command{
		Use:   "mailbox",
		Short: "Say which mailboxes of an account are on other servers",
	}
	command.AddCommand(newMailboxRefer(std))
	return command
}

func newMailboxRefer(std streams) *cobra.Command {
	var data string
	var remove, asJSON bool
	command := &cobra.Command{
		Use:   "refer NAME [MAILBOX URL...]",
		Short: "Say that a mailbox is on another server, or list such mailboxes",
		Long: `Say that a mailbox of an account, with all below it, is on another server, as an
IMAP URL (RFC 5092); or on several, the preferred one first. Clients that name it
are told where it is, and those that ask for such mailboxes have it in their list
(RFC 2193). There must be nothing of that name here.

A URL without a user gets the account's name, with any mechanism.`,
		Example: `  restante mailbox refer u0001 Shared imap://mail2.example.org/Public
  restante mailbox refer u0001
  restante mailbox refer u0001 Shared --remove`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(command *cobra.Command, names []string) error {
			ctx, arguments := command.Context(), referArguments{Account: names[0]}
			switch {
			case remove && len(names) == 2, !remove && len(names) > 2:
				arguments.Mailbox, arguments.URLs = names[1], names[2:]
				return administer(ctx, data, "mailbox.refer", arguments, nil)
			case remove || len(names) == 2:
				return fmt.Errorf("a referral is set as NAME MAILBOX URL..., and removed as NAME MAILBOX --remove")
			}
			return listing[mail.Referral]{"referral.list", "", func(r mail.Referral) string {
				return r.Name + ": " + strings.Join(r.URLs, " ")
			}}.print(ctx, std, data, arguments, asJSON)
		},
	}
	addData(command, &data)
	command.Flags().BoolVar(&remove, "remove", false, "remove the referral")
	addJSON(command, &asJSON)
	return command
}

// referAccount says where an account lives.
func referAccount(ctx context.Context, o office, raw json.RawMessage) (any, error) {
	var a referArguments
	if err := json.Unmarshal(raw, &a); err != nil {
		return nil, err
	}
	info, err := o.directory.Account(ctx, a.Account)
	switch {
	case err != nil:
		return nil, err
	case len(a.URLs) == 0:
		return nothing{}, o.directory.SetReferral(ctx, a.Account, auth.Referral{})
	}
	url, err := mail.ServerURL(a.URLs[0], info.Address)
	if err == nil {
		err = o.notHere(url)
	}
	if err != nil {
		return nil, err
	}
	return nothing{}, o.directory.SetReferral(ctx, a.Account, auth.Referral{URL: url, Open: a.Open})
}

// referMailbox says where a mailbox is.
func referMailbox(ctx context.Context, o office, raw json.RawMessage) (any, error) {
	arguments, account, info, err := accountOfReferral(ctx, o, raw)
	if err != nil {
		return nil, err
	}
	if len(arguments.URLs) == 0 {
		_, err = account.Commit(ctx, mail.RemoveReferral(arguments.Mailbox))
		return nothing{}, err
	}
	for i, text := range arguments.URLs {
		if arguments.URLs[i], err = mail.MailboxURL(text, info.Address); err != nil {
			return nil, err
		}
		if err := o.notHere(text); err != nil {
			return nil, err
		}
	}
	_, err = account.Commit(ctx, mail.SetReferral(arguments.Mailbox, arguments.URLs))
	return nothing{}, err
}

// listReferrals lists an account's mailboxes on other servers.
func listReferrals(ctx context.Context, o office, raw json.RawMessage) (any, error) {
	_, account, _, err := accountOfReferral(ctx, o, raw)
	if err != nil {
		return nil, err
	}
	list := []mail.Referral{}
	err = account.Read(ctx, func(state mail.State) error {
		for referral, err := range mail.Referrals(state) {
			if err != nil {
				return err
			}
			list = append(list, referral)
		}
		return nil
	})
	return list, err
}

func accountOfReferral(ctx context.Context, o office, raw json.RawMessage) (a referArguments, account mail.Account, info auth.AccountInfo, err error) {
	if err = json.Unmarshal(raw, &a); err != nil {
		return a, nil, info, err
	}
	if info, err = o.directory.Account(ctx, a.Account); err != nil {
		return a, nil, info, err
	}
	account, err = o.store.Account(ctx, info.ID)
	return a, account, info, err
}

// notHere refuses what would lead back to this machine: referrals must not go in
// a circle (RFC 2193 §3, RFC 2221 §3).
func (o office) notHere(text string) error {
	url, err := imap.ParseURL(text)
	if err != nil {
		return err
	}
	machine, _ := os.Hostname() // without a name, there is nothing to compare
	for _, own := range []string{machine, o.hostname} {
		if own != "" && strings.EqualFold(url.Host, own) {
			return fmt.Errorf("%s is this machine: a referral must not lead back", url.Host)
		}
	}
	return nil
}
