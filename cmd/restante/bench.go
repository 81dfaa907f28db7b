package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/restante/restante/internal/bench"
)

// benchFlags are the command line of a benchmark.
type benchFlags struct {
	imap, imaps, lmtp   string
	dir, users, domain  string
	pid                 int
	versus, rows        []string
	connections         []int
	rounds, idle        int
	duration            time.Duration
	remote, json, quiet bool
}

func newBench(std streams) *cobra.Command {
	var flags benchFlags
	command := &cobra.Command{
		Use:   "bench [TARGET]",
		Short: "Measure mail servers over IMAP and LMTP, and compare them in alternation",
		Long: `Measure a server with 1, 8 and 64 connections: deliveries, APPEND, SELECT, FETCH,
STORE, bytes on disk, resident memory. Without a target, a server of its own is
started in a directory that is removed in the end.

TARGET is an address of IMAP, or fields with commas between them:
  imap=HOST:PORT,imaps=…,lmtp=…,dir=STORE,pid=N,users=u%04d,domain=…,name=…
Its accounts have one password, which is read from standard input; they need
not be empty, but their mail is in the way. --vs names a second one.`,
		Example: `  restante bench
  restante bench --row deliveries --connections 64 --rounds 5
  printf secret | restante bench imap=127.0.0.1:10143,lmtp=127.0.0.1:10024 --vs imap=127.0.0.1:20143,lmtp=127.0.0.1:20024`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			return flags.run(command, std, arguments)
		},
	}
	set := command.Flags()
	set.StringVar(&flags.imap, "imap", "", "address of IMAP in clear text")
	set.StringVar(&flags.imaps, "imaps", "", "address of IMAP over TLS")
	set.StringVar(&flags.lmtp, "lmtp", "", "address of LMTP")
	set.StringVar(&flags.dir, "dir", "", "where the server keeps its data, to weigh it")
	set.IntVar(&flags.pid, "pid", 0, "the server's process, to weigh its memory")
	set.StringVar(&flags.users, "users", "u%04d", "template of the account names")
	set.StringVar(&flags.domain, "domain", "", "domain of recipients")
	set.StringArrayVar(&flags.versus, "vs", nil, "a second target to compare with")
	set.StringSliceVar(&flags.rows, "row", nil, "measure only rows with this in their name")
	set.IntSliceVar(&flags.connections, "connections", nil, "numbers of connections (1,8,64)")
	set.IntVar(&flags.rounds, "rounds", 3, "how often each row is measured")
	set.DurationVar(&flags.duration, "duration", 2*time.Second, "how long one measurement lasts")
	set.IntVar(&flags.idle, "idle", 1000, "idle TLS sessions to hold while memory is weighed; 0 is not at all")
	set.BoolVar(&flags.remote, "remote", false, "allow targets that are not on this machine")
	set.BoolVar(&flags.json, "json", false, "print JSON")
	set.BoolVar(&flags.quiet, "quiet", false, "show no progress")
	return command
}

func (f benchFlags) run(command *cobra.Command, std streams, arguments []string) error {
	targets, stop, err := f.targets(command, std, arguments)
	if err != nil {
		return err
	}
	defer stop()
	if !f.remote {
		for _, target := range targets {
			if err := target.CheckLocal(); err != nil {
				return err
			}
		}
	}
	options := bench.Options{
		Targets: targets, Rounds: f.rounds, Duration: f.duration, Rows: f.rows, Counts: f.connections,
		Idle: f.idle, Progress: f.progress(std),
	}
	results, err := bench.Run(command.Context(), options)
	if options.Progress != nil {
		fmt.Fprint(std.err, "\r\x1b[K")
	}
	if f.json {
		return errors.Join(err, printJSON(std.out, results))
	}
	bench.Print(std.out, options, results)
	return err
}

// progress shows one changing line, if somebody is there to see it.
func (f benchFlags) progress(std streams) func(string) {
	file, ok := std.err.(interface{ Fd() uintptr })
	if f.quiet || !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	return func(text string) { fmt.Fprintf(std.err, "\r\x1b[K%s", text) }
}

// targets are the servers to measure; without any, one of its own is started,
// which stop ends.
func (f benchFlags) targets(command *cobra.Command, std streams, arguments []string) (_ []bench.Target, stop func(), _ error) {
	stop = func() {}
	specs, err := f.specs(arguments)
	if err != nil {
		return nil, stop, err
	}
	if len(f.versus) > 1 {
		return nil, stop, errors.New("two targets are compared, not more: say --vs once")
	}
	var targets []bench.Target
	if len(specs) == 0 {
		own, end, err := startOwn(command.Context())
		if err != nil {
			return nil, stop, err
		}
		targets, stop = append(targets, own), end
	}
	specs = append(specs, f.versus...)
	if len(specs) == 0 {
		return targets, stop, nil
	}
	password, err := readPassword(command.Context(), std, false)
	if err != nil {
		stop()
		return nil, func() {}, err
	}
	for _, spec := range specs {
		target, err := bench.ParseTarget(spec, password)
		if err != nil {
			stop()
			return nil, func() {}, err
		}
		targets = append(targets, target)
	}
	return targets, stop, nil
}

// specs is the first target, from the argument or from the flags.
func (f benchFlags) specs(arguments []string) ([]string, error) {
	if len(arguments) == 1 {
		if f.imap != "" {
			return nil, errors.New("say the target as an argument or with --imap, not both")
		}
		return arguments, nil
	}
	if f.imap == "" {
		return nil, nil
	}
	fields := []string{"imap=" + f.imap, "users=" + f.users}
	for _, field := range []struct{ key, value string }{
		{"imaps", f.imaps}, {"lmtp", f.lmtp}, {"dir", f.dir}, {"domain", f.domain},
	} {
		if field.value != "" {
			fields = append(fields, field.key+"="+field.value)
		}
	}
	if f.pid != 0 {
		fields = append(fields, "pid="+strconv.Itoa(f.pid))
	}
	return []string{strings.Join(fields, ",")}, nil
}
