package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/restante/restante/internal/transfer"
)

// transferArguments are the arguments of an import or an export.
type transferArguments struct {
	Account string          `json:"account"`
	Format  transfer.Format `json:"format"`
	Dir     string          `json:"dir"` // absolute: a server has a directory of its own
}

// transferProgressStep is how many octets pass between two notes of progress.
const transferProgressStep = 1 << 20

func transferOperation(run func(context.Context, transfer.Options) (transfer.Report, error)) func(context.Context, office, json.RawMessage) (any, error) {
	return func(ctx context.Context, o office, raw json.RawMessage) (any, error) {
		var arguments transferArguments
		if err := json.Unmarshal(raw, &arguments); err != nil {
			return nil, err
		}
		account, err := o.directory.Account(ctx, arguments.Account)
		if err != nil {
			return nil, err
		}
		told := int64(-transferProgressStep)
		return run(ctx, transfer.Options{
			Store: o.store, Account: account.ID, Format: arguments.Format, Dir: arguments.Dir,
			Progress: func(p transfer.Progress) {
				if p.Octets-told >= transferProgressStep {
					told = p.Octets
					o.progress(progress{p.Folder, p.Octets, p.OctetTotal})
				}
			},
		})
	}
}

func newImport(std streams) *cobra.Command {
	return newTransfer(std, &cobra.Command{
		Use:   "import maildir|mbox DIR --account NAME",
		Short: "Bring an account's mail in from another server",
		Long: `Bring mail in with its folders, flags and dates, and with its UIDs where the
source has them (Dovecot's dovecot-uidlist). A run that was cut off can be
repeated: what was imported once is never imported again. The server may be
running; it must then be able to read DIR.`,
		Example: `  restante import maildir ~/Maildir --account u0001
  restante import mbox /var/mail/ann --account ann@example.org --data /var/lib/restante`,
	}, "mail.import", "imported")
}

func newExport(std streams) *cobra.Command {
	return newTransfer(std, &cobra.Command{
		Use:   "export maildir|mbox DIR --account NAME",
		Short: "Write an account's mail to a directory, which must be empty or not there",
		Example: `  restante export maildir ./ann --account ann@example.org
  restante export mbox ./ann-mbox --account ann@example.org --json`,
	}, "mail.export", "exported")
}

func newTransfer(std streams, command *cobra.Command, operation, done string) *cobra.Command {
	var data, account string
	var asJSON bool
	command.Args = cobra.ExactArgs(2)
	command.RunE = func(command *cobra.Command, arguments []string) error {
		dir, err := filepath.Abs(arguments[1])
		if err != nil {
			return err
		}
		show, end := progressBar(std.err)
		var report transfer.Report
		failed := administerTelling(command.Context(), data, operation,
			transferArguments{account, transfer.Format(arguments[0]), dir}, &report, teller{show, func(string) {}})
		end()
		if asJSON {
			err = printJSON(std.out, report)
		} else {
			printTransfer(std, report, done)
		}
		if failed != nil {
			return failed
		}
		return err
	}
	addData(command, &data)
	command.Flags().StringVar(&account, "account", "", "login name of the account")
	addJSON(command, &asJSON)
	_ = command.MarkFlagRequired("account")
	return command
}

func printTransfer(std streams, report transfer.Report, done string) {
	fmt.Fprintf(std.out, "%s %s (%d octets) in %s\n", done, plural(report.Messages, "message"), report.Octets, plural(int64(report.Folders), "folder"))
	if report.Already > 0 {
		fmt.Fprintf(std.out, "%s had been imported before\n", plural(report.Already, "message"))
	}
	for _, problem := range report.Problems {
		fmt.Fprintln(std.err, "passed over:", problem)
	}
	if more := report.ProblemCount - int64(len(report.Problems)); more > 0 {
		fmt.Fprintf(std.err, "passed over: %d more\n", more)
	}
}
