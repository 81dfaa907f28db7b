package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/mail"
)

// metadataArguments set an entry, or remove it if it has no value.
type metadataArguments struct {
	Entry string  `json:"entry"`
	Value *string `json:"value,omitempty"`
}

// metadataEntry is an entry that all users share.
type metadataEntry struct {
	Entry string `json:"entry"`
	Value string `json:"value"`
}

// listMetadata lists what all users share of the server (RFC 5464 §3.2.1.1).
func listMetadata(ctx context.Context, o office, _ json.RawMessage) (any, error) {
	account, err := o.store.Account(ctx, mail.DirectoryAccount)
	if err != nil {
		return nil, err
	}
	entries := []metadataEntry{}
	err = account.Read(ctx, func(state mail.State) error {
		for m, err := range state.Metadata(mail.ServerMetadata, mail.Shared) {
			if err != nil {
				return err
			}
			entries = append(entries, metadataEntry{string(imap.MetadataShared) + m.Name, string(m.Value)})
		}
		return nil
	})
	return entries, err
}

// setMetadata sets or removes an entry that all users share.
func setMetadata(ctx context.Context, o office, raw json.RawMessage) (any, error) {
	var arguments metadataArguments
	if err := json.Unmarshal(raw, &arguments); err != nil {
		return nil, err
	}
	name, err := sharedEntry(arguments.Entry, arguments.Value)
	if err != nil {
		return nil, err
	}
	wish := mail.MetadataWish{Name: name, Remove: arguments.Value == nil}
	if arguments.Value != nil {
		wish.Value = []byte(*arguments.Value)
	}
	account, err := o.store.Account(ctx, mail.DirectoryAccount)
	if err == nil {
		_, err = account.Commit(ctx, mail.SetMetadata(mail.ServerMetadata, []mail.MetadataWish{wish}))
	}
	return nothing{}, err
}

func newMetadata(std streams) *cobra.Command {
	command := &cobra.Command{
		Use:   "metadata",
		Short: "Say what all users of IMAP see of the server: a comment, searches",
		Long: `Entries of the server that all users read by GETMETADATA "" and only an
administrator sets. "/shared/filters/values/NAME" is a search that all users can
name in SEARCH FILTER. Sessions that want to hear of changes are told.`,
		Example: `  restante metadata set /shared/comment "Closed for repairs on Sunday"
  restante metadata set /shared/filters/values/marked "OR FLAGGED KEYWORD $Work"
  restante metadata list
  restante metadata remove /shared/comment`,
	}
	command.AddCommand(
		newMetadataList(std),
		newMetadataChange("set ENTRY VALUE", "Set an entry", cobra.ExactArgs(2)),
		newMetadataChange("remove ENTRY", "Remove an entry", cobra.ExactArgs(1)),
	)
	return command
}

func newMetadataChange(use, short string, args cobra.PositionalArgs) *cobra.Command {
	var data string
	command := &cobra.Command{
		Use: use, Short: short, Args: args,
		RunE: func(command *cobra.Command, words []string) error {
			arguments := metadataArguments{Entry: words[0]}
			if len(words) == 2 {
				arguments.Value = &words[1]
			}
			return administer(command.Context(), data, "metadata.set", arguments, nil)
		},
	}
	addData(command, &data)
	return command
}

func newMetadataList(std streams) *cobra.Command {
	return listing[metadataEntry]{"metadata.list", "", func(e metadataEntry) string {
		return fmt.Sprintf("%s %q", e.Entry, e.Value)
	}}.command(std, "List the entries")
}

// sharedEntry checks an entry as IMAP would, and returns its name without the
// scope. What the configuration says cannot be set.
func sharedEntry(entry string, value *string) (string, error) {
	scope, name, _ := imap.SplitMetadataEntry(entry)
	switch {
	case scope != imap.MetadataShared:
		return "", fmt.Errorf("%q does not begin with /shared/", entry)
	case name == "/admin":
		return "", errors.New("/shared/admin is imap.admin of the configuration")
	}
	checked := imap.MetadataValue{Entry: entry}
	if value != nil {
		checked.Value = []byte(*value)
	}
	return name, imapwire.CheckServerEntry(checked, imapwire.DefaultLimits())
}
