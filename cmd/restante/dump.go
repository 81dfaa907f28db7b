package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/restante/restante/internal/store"
)

// dumpArguments say what to print.
type dumpArguments struct {
	Journal bool   `json:"journal"`
	Index   bool   `json:"index"`
	Account string `json:"account,omitempty"`
}

// textWriter sends what is written to whoever asked.
type textWriter func(text string)

func (w textWriter) Write(p []byte) (int, error) {
	w(string(p))
	return len(p), nil
}

func dumpStore(ctx context.Context, o office, raw json.RawMessage) (any, error) {
	var arguments dumpArguments
	if err := json.Unmarshal(raw, &arguments); err != nil {
		return nil, err
	}
	filter := store.Filter{Journal: arguments.Journal, Index: arguments.Index}
	if arguments.Account != "" {
		account, err := o.directory.Account(ctx, arguments.Account)
		if err != nil {
			return nil, err
		}
		filter.Account = &account.ID
	}
	return nothing{}, o.store.Dump(ctx, textWriter(o.print), filter)
}

func newDump(std streams) *cobra.Command {
	var data string
	var arguments dumpArguments
	command := &cobra.Command{
		Use:   "dump [journal|index]",
		Short: "Print the records of the journal and the rows of the index in words",
		Example: `  restante dump
  restante dump journal --account u0001`,
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"journal", "index"},
		RunE: func(command *cobra.Command, parts []string) error {
			arguments.Journal = len(parts) == 0 || parts[0] == "journal"
			arguments.Index = len(parts) == 0 || parts[0] == "index"
			var failed error
			tell := teller{func(progress) {}, func(text string) {
				if _, err := io.WriteString(std.out, text); err != nil {
					failed = err
				}
			}}
			if err := administerTelling(command.Context(), data, "store.dump", arguments, nil, tell); err != nil {
				return err
			}
			if failed != nil {
				return fmt.Errorf("printing: %w", failed)
			}
			return nil
		},
	}
	addData(command, &data)
	command.Flags().StringVar(&arguments.Account, "account", "", "only this account")
	return command
}
