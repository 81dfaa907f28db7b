package transcript

import (
	"fmt"
	"strings"
)

// declined says that the server makes use of a freedom that the RFC leaves it, by
// an S/ line: there is nothing more to judge, and nothing failed.
type declined struct{ line string }

func (d *declined) Error() string { return fmt.Sprintf("declined, as a server may: %s", d.line) }

// declined looks for S/ lines among the results. This project promises not to
// make use of them, so with promises there are none (Suite.Promises).
func (j *judgement) declined() error {
	for _, e := range j.expects {
		if e.kind != mayDecline {
			continue
		}
		for _, r := range j.s.inbox {
			if _, err := j.meets(&e, r); err == nil {
				_, line, _ := strings.Cut(e.text, " ") // behind the tag
				return &declined{line}
			}
		}
	}
	return nil
}
