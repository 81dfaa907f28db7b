package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/restante/restante/internal/store"
)

func checkStore(ctx context.Context, o office, _ json.RawMessage) (any, error) {
	report, err := o.store.Check(ctx, o.tellProgress)
	if err != nil {
		return report, err
	}
	lacking, stale, err := o.directory.CheckGrants(ctx)
	for _, key := range lacking {
		report.Problems = append(report.Problems, "the directory lacks the note "+key+" of what a mailbox grants; restante acl mend adds it")
	}
	for _, key := range stale {
		report.Problems = append(report.Problems, "the directory has the note "+key+" that no mailbox explains; restante acl mend removes it")
	}
	return report, err
}

// tellProgress passes on how far the store has come.
func (t teller) tellProgress(p store.Progress) { t.progress(progress{p.What, p.Done, p.Total}) }

func newCheck(std streams) *cobra.Command {
	var data string
	var asJSON bool
	command := &cobra.Command{
		Use:   "check",
		Short: "Verify a store from end to end, and say what is wrong",
		Long: `Verify every octet of the journal, that the index is what the journal makes of
it, that every message can be opened, and that all figures are right. The server
may be running. The exit status is 1 if something is wrong.`,
		Example: `  restante check
  restante check --data /var/lib/restante --json`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			show, end := progressBar(std.err)
			var report store.Report
			err := administerTelling(command.Context(), data, "store.check", nothing{}, &report, teller{show, func(string) {}})
			end()
			if err != nil {
				return err
			}
			if asJSON {
				err = printJSON(std.out, report)
			} else {
				printReport(std, report)
			}
			if !report.Sound() {
				return errFailed
			}
			return err
		},
	}
	addData(command, &data)
	addJSON(command, &asJSON)
	return command
}

func printReport(std streams, report store.Report) {
	fmt.Fprintf(std.out, "%s, %s, %s, %d index rows compared\n", plural(report.Accounts, "account"),
		plural(report.Mailboxes, "mailbox"), plural(report.Messages, "message"), report.Rows)
	for _, problem := range report.Problems {
		fmt.Fprintln(std.out, "wrong:", problem)
	}
	if report.More > 0 {
		fmt.Fprintf(std.out, "wrong: %d more\n", report.More)
	}
	if report.Sound() {
		fmt.Fprintln(std.out, "the store is sound")
		return
	}
	if report.JournalDamage > 0 {
		fmt.Fprintln(std.out, "The journal is damaged. What is named above can come back only from a backup of")
		fmt.Fprintln(std.out, "the journal directory; everything else stays readable. Look at the disk first.")
		return
	}
	fmt.Fprintln(std.out, "A damaged index is made anew by: restante rebuild")
}
