// Package conform plays the project's IMAP cases against any server and
// reports by section of the RFCs: the work behind "restante conform".
package conform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"time"

	"github.com/restante/restante/internal/transcript"
	"github.com/restante/restante/testdata/transcripts"
)

// Options say which server, with which accounts, and what of it to judge.
type Options struct {
	Address string // host:port
	// TLS begins every connection with a handshake; otherwise the
	// connection begins in clear text and only the STARTTLS cases leave it.
	TLS bool
	// Compress plays the cases with COMPRESS=DEFLATE on.
	Compress bool
	// Users is a login name, or a template with one %d verb such as u%04d
	// for numbered accounts. Whatever mail these accounts have may be lost.
	Users    string // empty is u%04d
	Password string // empty is "secret"
	Accounts int    // how many of the template; zero is 8
	Parallel int    // cases at once, at most Accounts; zero is 8
	// Cases is a regular expression on the path of a case (fetch/flags);
	// empty is every case.
	Cases    string
	Except   string        // the same of cases that are not played; empty is none
	Dialects []string      // names of transcript.Dialects; empty is all
	Timeout  time.Duration // for one response; zero is 10 s
	// Promises adds the cases that this project promises where the RFCs
	// leave servers free.
	Promises bool
	// Variant says how the server is configured: only the cases that ask for
	// that by "server:" are played. Without it these are not offered.
	Variant string
	JSON    bool
	Out     io.Writer
}

// ErrFailed is returned, after the report, when a case failed.
var ErrFailed = errors.New("the server fails some cases")

// Run plays the cases and writes the report to Options.Out.
func Run(ctx context.Context, o Options) error {
	judged, err := judge(ctx, o)
	if err != nil {
		return err
	}
	report := transcript.NewReport(o.Address, judged.outcomes)
	write := report.Text
	if o.JSON {
		write = report.JSON
	}
	if err := write(o.Out); err != nil {
		return err
	}
	if report.Failed > 0 {
		return ErrFailed
	}
	return nil
}

// judgement is what became of the cases, and the capabilities that the server
// offered on the way.
type judgement struct {
	outcomes []transcript.Outcome
	offered  []string
}

// judge plays the cases.
func judge(ctx context.Context, o Options) (judgement, error) {
	library, err := transcript.Load(transcripts.Files)
	if err != nil {
		return judgement{}, err
	}
	suite, err := o.suite(library)
	if err != nil {
		return judgement{}, err
	}
	outcomes, err := suite.Run(ctx)
	return judgement{outcomes, suite.Offered}, err
}

func (o Options) suite(library transcript.Library) (*transcript.Suite, error) {
	wanted, err := regexp.Compile(o.Cases)
	if err != nil {
		return nil, fmt.Errorf("cases: %w", err)
	}
	unwanted, err := regexp.Compile(o.Except)
	if err != nil {
		return nil, fmt.Errorf("except: %w", err)
	}
	if err := transcript.KnownDialects(o.Dialects); err != nil {
		return nil, err
	}
	match := func(c *transcript.Case) bool {
		return wanted.MatchString(c.Path) && (o.Except == "" || !unwanted.MatchString(c.Path))
	}
	if !slices.ContainsFunc(library.Cases, match) {
		return nil, fmt.Errorf("cases: none is named like %q", o.Cases)
	}
	return &transcript.Suite{
		Library:  library,
		Server:   transcript.Server{Address: o.Address, TLS: o.TLS, Compress: o.Compress, Variant: o.Variant, Accounts: o.accounts(), Timeout: o.Timeout},
		Parallel: o.Parallel,
		Promises: o.Promises,
		Match:    match,
		Dialects: o.Dialects,
	}, nil
}

func (o Options) accounts() []transcript.Account {
	users, password, count := o.Users, o.Password, o.Accounts
	if users == "" {
		users = "u%04d"
	}
	if password == "" {
		password = "secret"
	}
	if count == 0 {
		count = 8
	}
	if !regexp.MustCompile(`%\d*d`).MatchString(users) {
		return []transcript.Account{{User: users, Password: password}}
	}
	return transcript.NumberedAccounts(users, password, count)
}
