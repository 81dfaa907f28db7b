package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/restante/restante/internal/auth"
)

func newDomain(std streams) *cobra.Command {
	command := &cobra.Command{
		Use:   "domain",
		Short: "Add, list and change the domains that mail is received for",
		Example: `  restante domain add example.org
  restante domain default example.org
  restante domain catchall example.org u0001
  restante domain list`,
	}
	command.AddCommand(
		newDomainList(std), newDomainCatchAll(std),
		newDomainChange("add", "Receive mail for a domain", "domain.add"),
		newDomainChange("remove", "Receive no more mail for a domain that nobody is in", "domain.remove"),
		newDomainChange("default", "Make a domain the one that names without a domain are in", "domain.default"),
	)
	return command
}

func newDomainChange(use, short, operation string) *cobra.Command {
	var data string
	command := &cobra.Command{
		Use:   use + " DOMAIN",
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, names []string) error {
			return administer(command.Context(), data, operation, domainArguments{Domain: names[0]}, nil)
		},
	}
	addData(command, &data)
	return command
}

func newDomainCatchAll(_ streams) *cobra.Command {
	var data string
	var none bool
	command := &cobra.Command{
		Use:   "catchall DOMAIN [TARGET]",
		Short: "Say who gets the mail for names that nobody in a domain has",
		Example: `  restante domain catchall example.org u0001
  restante domain catchall example.org --none`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(command *cobra.Command, names []string) error {
			arguments := domainArguments{Domain: names[0]}
			if (len(names) == 2) == none {
				return fmt.Errorf("say either TARGET or --none")
			}
			if len(names) == 2 {
				arguments.Target = names[1]
			}
			return administer(command.Context(), data, "domain.catchall", arguments, nil)
		},
	}
	addData(command, &data)
	command.Flags().BoolVar(&none, "none", false, "refuse such mail")
	return command
}

func newDomainList(std streams) *cobra.Command {
	return listing[auth.DomainInfo]{"domain.list", "", func(d auth.DomainInfo) string {
		line := d.Name
		if d.Default {
			line += " (default)"
		}
		if d.CatchAll != "" {
			line += ", everything else to " + d.CatchAll
		}
		return line
	}}.command(std, "List domains")
}
