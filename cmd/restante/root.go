package main

import (
	"encoding/json"
	"io"

	"github.com/spf13/cobra"
)

// defaultData is the store of a server without configuration.
const defaultData = "restante-data"

func newRoot(std streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "restante",
		Short: "A mail system: receives mail, keeps it safe, gives it to every client",
		Long: `Restante receives mail by LMTP and SMTP, keeps it in a store of its own, and
gives it to mail programs by IMAP and POP3.

Without any configuration, "restante serve" starts a server for this machine
in ./restante-data and says what to type into a mail program.`,
		Example: `  restante serve
  restante serve --config /etc/restante.toml
  printf secret | restante account add u0001@example.org
  restante account list
  restante import maildir ~/Maildir --account u0001@example.org
  restante check`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		newServe(std), newAccount(std), newMailbox(std), newDomain(std), newGroup(std), newACL(std), newMetadata(std), newImport(std), newExport(std),
		newCheck(std), newRebuild(std), newDump(std), newConfig(std), newConform(std), newBench(std), newVersion(std),
	)
	return root
}

// addData adds the flags that say which store a command works on.
func addData(command *cobra.Command, data *string) {
	command.Flags().StringVar(data, "data", defaultData, "directory of the store")
}

// printJSON writes a value for programs to read.
func printJSON(to io.Writer, value any) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
