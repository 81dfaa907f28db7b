package conform

import (
	"context"
	"strings"
	"testing"
)

// The aim: a run that plays nothing is no success, and says why before it asks for a
// server.
func TestNothingToPlay(t *testing.T) {
	for _, c := range []struct {
		o      Options
		reason string
	}{
		{Options{Cases: "^no/such-case$"}, "none is named like"},
		{Options{Cases: "("}, "cases: "},
		{Options{Except: "("}, "except: "},
	} {
		err := Run(context.Background(), c.o)
		if err == nil || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%q: %v", c.reason, err)
		}
	}
}
