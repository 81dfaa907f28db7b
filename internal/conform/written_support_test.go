package conform

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/rfc-support.md anew")

const supportFile = "../../docs/rfc-support.md"

// The aim: what is said to be supported is what the runs of this package's
// other tests, which come before, have proved; and that is every row of the
// registry that does not wait for another protocol.
func TestSupportIsWhatWasProved(t *testing.T) {
	if len(collected.outcomes) == 0 || testing.Short() || os.Getenv("RESTANTE_CASES") != "" {
		t.Skip("the cases were not all played before this test")
	}
	slices.Sort(collected.offered)
	said := supportOf(collected.outcomes, slices.Compact(collected.offered))
	for _, line := range strings.Split(said, "\n") {
		if strings.Contains(line, notProved) || strings.Contains(line, notOffered) {
			t.Error(line)
		}
	}
	if *update {
		if err := os.WriteFile(supportFile, []byte(said), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if written, err := os.ReadFile(supportFile); err != nil || string(written) != said {
		t.Errorf("docs/rfc-support.md is not what the cases prove; run the tests of this package with -update (%v)", err)
	}
}
