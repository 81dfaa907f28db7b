package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/restante/restante/internal/conform"
)

func newConform(std streams) *cobra.Command {
	options := conform.Options{}
	command := &cobra.Command{
		Use:   "conform ADDRESS",
		Short: "Judge any IMAP server by the project's cases, and report by RFC section",
		Long: `Judge an IMAP server by the cases that Restante itself is tested with. They run
on accounts whose mail may be lost; the password is asked for, or read from
standard input.`,
		Example: `  printf secret | restante conform 127.0.0.1:10143 --users u%04d --accounts 8
  printf secret | restante conform imap.example.org:993 --tls --users test@example.org --cases '^fetch/'`,
		Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			password, err := readPassword(command.Context(), std, false)
			if err != nil {
				return err
			}
			options.Address, options.Password, options.Out = arguments[0], password, std.out
			err = conform.Run(command.Context(), options)
			if errors.Is(err, conform.ErrFailed) {
				return errFailed
			}
			return err
		},
	}
	set := command.Flags()
	set.BoolVar(&options.TLS, "tls", false, "begin with TLS")
	set.StringVar(&options.Users, "users", "u%04d", "login name, or a template with %d for numbered accounts")
	set.IntVar(&options.Accounts, "accounts", 8, "how many numbered accounts there are")
	set.IntVar(&options.Parallel, "parallel", 8, "cases at once")
	set.StringVar(&options.Cases, "cases", "", "regular expression on the names of cases; empty is all")
	set.StringSliceVar(&options.Dialects, "dialects", nil, "dialects to judge; empty is all")
	set.DurationVar(&options.Timeout, "timeout", 10*time.Second, "longest wait for a response")
	set.BoolVar(&options.JSON, "json", false, "print JSON")
	return command
}
