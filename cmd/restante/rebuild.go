package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/restante/restante/internal/store"
)

func newRebuild(std streams) *cobra.Command {
	var data string
	command := &cobra.Command{
		Use:   "rebuild",
		Short: "Make the index of a store anew from its journal",
		Long: `Make the index anew. Nothing is lost by it but time: the journal is the mail, the
index only finds it. No server may have the store open.`,
		Example: `  restante rebuild --data /var/lib/restante`,
		Args:    cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := mustBeStore(data); err != nil {
				return err
			}
			show, end := progressBar(std.err)
			err := store.Rebuild(store.Options{Dir: data, Progress: teller{progress: show}.tellProgress})
			end()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(std.out, "the index was made anew")
			return err
		},
	}
	addData(command, &data)
	return command
}
