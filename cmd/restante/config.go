package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/restante/restante/internal/config"
)

func newConfig(std streams) *cobra.Command {
	var markdown bool
	command := &cobra.Command{
		Use:   "config [FILE]",
		Short: "Print a configuration file with every key, or check one",
		Example: `  restante config > /etc/restante.toml
  restante config /etc/restante.toml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if len(arguments) == 1 {
				if _, err := config.Load(arguments[0]); err != nil {
					return err
				}
				_, err := fmt.Fprintln(std.out, arguments[0], "is good")
				return err
			}
			text := config.Example()
			if markdown {
				text = config.Markdown()
			}
			_, err := fmt.Fprint(std.out, text)
			return err
		},
	}
	command.Flags().BoolVar(&markdown, "markdown", false, "print the reference page instead")
	return command
}
