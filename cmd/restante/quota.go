package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/config"
	"github.com/restante/restante/internal/mail"
)

// blockOctets is the unit of limits on storage (RFC 9208 §5.1).
const blockOctets = 1024

// defaultQuota is what accounts may use that have no limits of their own.
func defaultQuota(c config.Quota) mail.Quota {
	return mail.Quota{
		mail.ResourceStorage:           limitFrom(uint64(c.Storage), blockOctets),
		mail.ResourceMessage:           limitFrom(uint64(c.Messages), 1),
		mail.ResourceMailbox:           limitFrom(uint64(c.Mailboxes), 1),
		mail.ResourceAnnotationStorage: limitFrom(uint64(c.AnnotationStorage), blockOctets),
	}
}

// limitFrom is a limit of the configuration, where 0 is none.
func limitFrom(n, unit uint64) mail.Limit {
	if n == 0 {
		return 0
	}
	return mail.LimitOf(n / unit)
}

// quotaArguments are what "account quota" asks for. Limits that are not
// mentioned stay as they are.
type quotaArguments struct {
	Account string `json:"account"`
	// Limits are in units of RFC 9208, by the names of resources; -1 is none.
	Limits  map[string]int64 `json:"limits,omitempty"`
	Default bool             `json:"default,omitempty"`
}

// resourceFigures is one resource of an account. Octets count as octets.
type resourceFigures struct {
	Used  uint64  `json:"used"`
	Limit *uint64 `json:"limit,omitempty"`
}

// accountFigures is an account, what it uses and what it may.
type accountFigures struct {
	auth.AccountInfo
	Storage           resourceFigures `json:"storage"`
	Messages          resourceFigures `json:"messages"`
	Mailboxes         resourceFigures `json:"mailboxes"`
	AnnotationStorage resourceFigures `json:"annotationStorage"`
}

// figuresOf reads what an account uses.
func figuresOf(ctx context.Context, o office, info auth.AccountInfo) (accountFigures, error) {
	figures := accountFigures{AccountInfo: info}
	account, err := o.store.Account(ctx, info.ID)
	if err != nil {
		return figures, err
	}
	err = account.Read(ctx, func(state mail.State) error {
		used, quota := state.Usage(), state.Quota()
		for r, figure := range map[mail.Resource]*resourceFigures{
			mail.ResourceStorage: &figures.Storage, mail.ResourceMessage: &figures.Messages,
			mail.ResourceMailbox: &figures.Mailboxes, mail.ResourceAnnotationStorage: &figures.AnnotationStorage,
		} {
			figure.Used = used[r]
			if limit, limited := quota[r].Max(); limited {
				if r == mail.ResourceStorage || r == mail.ResourceAnnotationStorage {
					limit *= blockOctets
				}
				figure.Limit = &limit
			}
		}
		return nil
	})
	return figures, err
}

// listAccounts lists the accounts with what they use.
func listAccounts(ctx context.Context, o office, _ json.RawMessage) (any, error) {
	accounts, err := o.directory.Accounts(ctx)
	list := make([]accountFigures, 0, len(accounts))
	for _, info := range accounts {
		figures, err := figuresOf(ctx, o, info)
		if errors.Is(err, mail.ErrErased) {
			continue // it was deleted meanwhile
		}
		if err != nil {
			return nil, err
		}
		list = append(list, figures)
	}
	return list, err
}

// setQuota changes limits of an account, and returns what holds then.
func setQuota(ctx context.Context, o office, raw json.RawMessage) (any, error) {
	var arguments quotaArguments
	if err := json.Unmarshal(raw, &arguments); err != nil {
		return nil, err
	}
	info, err := o.directory.Account(ctx, arguments.Account)
	if err != nil {
		return nil, err
	}
	account, err := o.store.Account(ctx, info.ID)
	if err != nil {
		return nil, err
	}
	if arguments.Default || len(arguments.Limits) > 0 {
		if _, err := account.Commit(ctx, mail.ChangeQuota(arguments.change)); err != nil {
			return nil, err
		}
	}
	return figuresOf(ctx, o, info)
}

// change returns the limits that an account has of its own from now on.
func (a quotaArguments) change(own mail.OwnQuota) mail.OwnQuota {
	if a.Default {
		return mail.OwnQuota{}
	}
	for r := range mail.Resources {
		limit, asked := a.Limits[string(r.Name())]
		if !asked {
			continue
		}
		own.Set, own.Limits[r] = own.Set.With(r), 0
		if limit >= 0 {
			own.Limits[r] = mail.LimitOf(uint64(limit))
		}
	}
	return own
}

// setAdmin makes an administrator of an account, or takes that away.
func setAdmin(admin bool) func(context.Context, *auth.Directory, accountArguments) (any, error) {
	return func(ctx context.Context, d *auth.Directory, a accountArguments) (any, error) {
		return nothing{}, d.SetAdmin(ctx, a.Account, admin)
	}
}

// limitOf reads a limit as a command has it: a size, a number, or "none".
func limitOf(text string, unit int64) (int64, error) {
	if strings.EqualFold(text, "none") {
		return -1, nil
	}
	if unit == 1 {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			return 0, fmt.Errorf("%q is neither a number nor \"none\"", text)
		}
		return n, nil
	}
	var size config.Size
	if err := size.UnmarshalText([]byte(text)); err != nil || size < 0 {
		return 0, fmt.Errorf("%q is neither a size such as 10GB nor \"none\"", text)
	}
	return int64(size) / unit, nil
}

func newAccountQuota(std streams) *cobra.Command {
	var data string
	var asJSON, standard bool
	command := &cobra.Command{
		Use:   "quota NAME",
		Short: "Show or change what an account may use",
		Long: `A limit is a size or a number; 0 admits nothing, "none" is no limit. What is
beyond a new limit stays, and can be read, moved and deleted; only growth is
refused. Limits that are not named stay as they are.`,
		Example: `  restante account quota u0001
  restante account quota u0001 --storage 10GB --messages none
  restante account quota u0001 --default`,
		Args: cobra.ExactArgs(1),
	}
	flags := command.Flags()
	named := map[string]struct {
		text     *string
		unit     int64
		resource mail.Resource
	}{
		"storage":     {flags.String("storage", "", "octets of all messages, such as 10GB"), blockOctets, mail.ResourceStorage},
		"messages":    {flags.String("messages", "", "messages"), 1, mail.ResourceMessage},
		"mailboxes":   {flags.String("mailboxes", "", "mailboxes"), 1, mail.ResourceMailbox},
		"annotations": {flags.String("annotations", "", "octets of all annotations"), blockOctets, mail.ResourceAnnotationStorage},
	}
	flags.BoolVar(&standard, "default", false, "give it the limits of the configuration again")
	flags.BoolVar(&asJSON, "json", false, "print JSON")
	addData(command, &data)
	command.RunE = func(command *cobra.Command, names []string) error {
		arguments := quotaArguments{Account: names[0], Default: standard, Limits: map[string]int64{}}
		for name, limit := range named {
			if !flags.Changed(name) {
				continue
			}
			n, err := limitOf(*limit.text, limit.unit)
			if err != nil {
				return fmt.Errorf("--%s: %w", name, err)
			}
			arguments.Limits[string(limit.resource.Name())] = n
		}
		if standard && len(arguments.Limits) > 0 {
			return errors.New("--default stands alone: it takes every limit from the configuration")
		}
		var figures accountFigures
		if err := administer(command.Context(), data, "account.quota", arguments, &figures); err != nil {
			return err
		}
		if asJSON {
			return printJSON(std.out, figures)
		}
		_, err := fmt.Fprintf(std.out, "storage      %s\nmessages     %s\nmailboxes    %s\nannotations  %s\n", figures.Storage.octets(),
			figures.Messages.count(), figures.Mailboxes.count(), figures.AnnotationStorage.octets())
		return err
	}
	return command
}

// count and octets say what is used of what may be, for people.
func (f resourceFigures) count() string {
	if f.Limit == nil {
		return strconv.FormatUint(f.Used, 10)
	}
	return fmt.Sprintf("%d of %d", f.Used, *f.Limit)
}

func (f resourceFigures) octets() string {
	used := config.Size(f.Used).String()
	if f.Limit == nil {
		return used
	}
	return used + " of " + config.Size(*f.Limit).String()
}
