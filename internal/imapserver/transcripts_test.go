package imapserver

import (
	"bytes"
	"context"
	"testing"

	"github.com/restante/restante/internal/transcript"
	"github.com/restante/restante/testdata/transcripts"
)

// The aim: the server answers every written conversation, in every dialect,
// as the documents demand.
func TestTranscripts(t *testing.T) {
	library, err := transcript.Load(transcripts.Files)
	if err != nil {
		t.Fatal(err)
	}
	server := startServer(t, nil)
	suite := &transcript.Suite{Library: library, Promises: true, Server: transcript.Server{
		Address: server.address, Accounts: transcript.NumberedAccounts("u%04d", "secret", testAccounts),
	}}
	outcomes, err := suite.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, outcome := range outcomes {
		if outcome.Verdict == transcript.Failed {
			t.Errorf("%s (%s): %s\n%s", outcome.Case.Path, outcome.Dialect.Name, outcome.Reason, outcome.Wire)
		}
	}
	var report bytes.Buffer
	if err := transcript.NewReport(server.address, outcomes).Text(&report); err != nil {
		t.Fatal(err)
	}
	t.Log(report.String())
}
