package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

// listing is how what an operation finds is printed for people: a line for each.
type listing[T any] struct {
	operation string
	header    string // of a table, its columns parted by tabs; none without it
	line      func(T) string
}

// print asks for a list, and prints it for people or as JSON.
func (l listing[T]) print(ctx context.Context, std streams, data string, arguments any, asJSON bool) error {
	found := []T{}
	if err := administer(ctx, data, l.operation, arguments, &found); err != nil {
		return err
	}
	if asJSON {
		return printJSON(std.out, found)
	}
	table := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	if l.header != "" {
		fmt.Fprintln(table, l.header)
	}
	for _, each := range found {
		fmt.Fprintln(table, l.line(each))
	}
	return table.Flush()
}

// command makes the command of a list of everything.
func (l listing[T]) command(std streams, short string) *cobra.Command {
	var data string
	var asJSON bool
	command := &cobra.Command{
		Use:   "list",
		Short: short,
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return l.print(command.Context(), std, data, nothing{}, asJSON)
		},
	}
	addData(command, &data)
	addJSON(command, &asJSON)
	return command
}

// addJSON adds the flag for programs that read.
func addJSON(command *cobra.Command, asJSON *bool) {
	command.Flags().BoolVar(asJSON, "json", false, "print JSON")
}
