package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/store"
	"github.com/restante/restante/internal/transfer"
)

// office is what operations work on: an open store, here or in a server.
type office struct {
	store     *store.Store
	directory *auth.Directory
	hostname  string // of the server, "" if none is running
	teller
}

// teller is what whoever asked sees before the result.
type teller struct {
	progress func(progress)    // how far a long operation has come
	print    func(text string) // a part of a long text
}

// operation is one administrative change or question. The same operations run
// within a server, when it is asked through its socket, and within a command,
// when no server has the store.
type operation struct {
	run func(context.Context, office, json.RawMessage) (any, error)
	// ends says that the account's sessions end with it.
	ends bool
	// makes says that it makes a store where there is none.
	makes bool
}

// The arguments and results of operations, as they go over the socket.
type (
	addArguments struct {
		Accounts []string `json:"accounts"`
		Password string   `json:"password"`
		Domain   string   `json:"domain,omitempty"`
		Shared   bool     `json:"shared,omitempty"`
	}
	accountArguments struct {
		Account  string `json:"account"`
		Password string `json:"password,omitempty"`
	}
	aliasArguments struct {
		Address string   `json:"address"`
		Targets []string `json:"targets,omitempty"`
	}
	domainArguments struct {
		Domain string `json:"domain"`
		Target string `json:"target,omitempty"`
	}
	nothing struct{}
)

// operations are all there are, by name.
var operations = map[string]operation{
	"account.add":     {run: op(addAccounts), makes: true},
	"account.list":    {run: listAccounts},
	"account.quota":   {run: setQuota},
	"account.promote": {run: op(setAdmin(true))},
	"account.demote":  {run: op(setAdmin(false))},
	"account.passwd":  {run: op(setPassword), ends: true},
	"account.disable": {run: op(setDisabled(true)), ends: true},
	"account.enable":  {run: op(setDisabled(false))},
	"account.delete":  {run: op(deleteAccount), ends: true},
	"account.refer":   {run: referAccount, ends: true},
	"mailbox.refer":   {run: referMailbox},
	"referral.list":   {run: listReferrals},
	"alias.list":      {run: op(func(ctx context.Context, d *auth.Directory, _ nothing) (any, error) { return d.Aliases(ctx) })},
	"alias.set":       {run: op(setAlias)},
	"alias.remove":    {run: op(removeAlias)},
	"acl.list":        {run: op(listAccess)},
	"acl.set":         {run: op(setAccess)},
	"acl.mend":        {run: op(mendGrants)},
	"group.list":      {run: op(func(ctx context.Context, d *auth.Directory, _ nothing) (any, error) { return d.Groups(ctx) })},
	"group.add":       {run: op(onGroup((*auth.Directory).AddGroup))},
	"group.remove":    {run: op(onGroup((*auth.Directory).RemoveGroup))},
	"group.join":      {run: op(onMembers((*auth.Directory).JoinGroup))},
	"group.leave":     {run: op(onMembers((*auth.Directory).LeaveGroup))},
	"domain.list":     {run: op(func(ctx context.Context, d *auth.Directory, _ nothing) (any, error) { return d.Domains(ctx) })},
	"domain.add":      {run: op(onDomain((*auth.Directory).AddDomain)), makes: true},
	"domain.remove":   {run: op(onDomain((*auth.Directory).RemoveDomain))},
	"domain.default":  {run: op(onDomain((*auth.Directory).SetDefaultDomain)), makes: true},
	"domain.catchall": {run: op(setCatchAll)},
	"metadata.list":   {run: listMetadata},
	"metadata.set":    {run: setMetadata, makes: true},
	"mail.import":     {run: transferOperation(transfer.Import)},
	"mail.export":     {run: transferOperation(transfer.Export)},
	"store.check":     {run: checkStore},
	"store.dump":      {run: dumpStore},
}

// op decodes the arguments of an operation on the directory.
func op[A any](run func(context.Context, *auth.Directory, A) (any, error)) func(context.Context, office, json.RawMessage) (any, error) {
	return func(ctx context.Context, o office, raw json.RawMessage) (any, error) {
		var arguments A
		if err := json.Unmarshal(raw, &arguments); err != nil {
			return nil, err
		}
		return run(ctx, o.directory, arguments)
	}
}

// addAccounts adds accounts with one password. A domain that is given for
// names without one becomes ours, and the default if there is none yet.
func addAccounts(ctx context.Context, d *auth.Directory, a addArguments) (any, error) {
	suffix, err := domainFor(ctx, d, a.Domain)
	if err != nil {
		return nil, err
	}
	added := []auth.AccountInfo{}
	for _, name := range a.Accounts {
		if _, domain, ok := strings.Cut(name, "@"); !ok {
			name += suffix
		} else if err := beginDomain(ctx, d, domain); err != nil {
			return added, err
		}
		add := func() (auth.AccountInfo, error) { return d.AddAccount(ctx, name, a.Password) }
		if a.Shared {
			add = func() (auth.AccountInfo, error) { return d.AddShared(ctx, name) }
		}
		info, err := add()
		if err != nil {
			return added, err
		}
		added = append(added, info)
	}
	return added, nil
}

// domainFor returns what a name without a domain needs behind it to be in a
// domain: nothing if that is the default.
func domainFor(ctx context.Context, d *auth.Directory, domain string) (string, error) {
	if domain == "" {
		return "", nil
	}
	standard, named, err := d.DefaultDomain(ctx)
	switch {
	case err != nil:
		return "", err
	case !named:
		return "", d.SetDefaultDomain(ctx, domain)
	case strings.EqualFold(standard, domain):
		return "", nil
	}
	return "@" + domain, d.AddDomain(ctx, domain)
}

// beginDomain makes a domain ours if the directory has named none yet: whoever
// begins with ann@example.org means to receive mail for example.org. It is the
// default if nobody is in another. Later, a domain that is not ours is taken
// for a slip of the pen.
func beginDomain(ctx context.Context, d *auth.Directory, domain string) error {
	_, named, err := d.DefaultDomain(ctx)
	if err != nil || named {
		return err
	}
	accounts, err := d.Accounts(ctx)
	switch {
	case err != nil:
		return err
	case len(accounts) == 0:
		return d.SetDefaultDomain(ctx, domain)
	}
	return d.AddDomain(ctx, domain)
}

func setPassword(ctx context.Context, d *auth.Directory, a accountArguments) (any, error) {
	return nothing{}, d.SetPassword(ctx, a.Account, a.Password)
}

func setDisabled(disabled bool) func(context.Context, *auth.Directory, accountArguments) (any, error) {
	return func(ctx context.Context, d *auth.Directory, a accountArguments) (any, error) {
		return nothing{}, d.SetDisabled(ctx, a.Account, disabled)
	}
}

func deleteAccount(ctx context.Context, d *auth.Directory, a accountArguments) (any, error) {
	return nothing{}, d.DeleteAccount(ctx, a.Account)
}

func setAlias(ctx context.Context, d *auth.Directory, a aliasArguments) (any, error) {
	return nothing{}, d.SetAlias(ctx, a.Address, a.Targets)
}

func removeAlias(ctx context.Context, d *auth.Directory, a aliasArguments) (any, error) {
	return nothing{}, d.RemoveAlias(ctx, a.Address)
}

func onDomain(change func(*auth.Directory, context.Context, string) error) func(context.Context, *auth.Directory, domainArguments) (any, error) {
	return func(ctx context.Context, d *auth.Directory, a domainArguments) (any, error) {
		return nothing{}, change(d, ctx, a.Domain)
	}
}

func setCatchAll(ctx context.Context, d *auth.Directory, a domainArguments) (any, error) {
	return nothing{}, d.SetCatchAll(ctx, a.Domain, a.Target)
}

// carryOut runs an operation by name.
func carryOut(ctx context.Context, o office, name string, arguments json.RawMessage) (json.RawMessage, error) {
	operation, ok := operations[name]
	if !ok {
		return nil, fmt.Errorf("no operation %q: command and server are of different versions", name)
	}
	result, err := operation.run(ctx, o, arguments)
	encoded, encodeErr := json.Marshal(result)
	return encoded, errors.Join(err, encodeErr)
}
