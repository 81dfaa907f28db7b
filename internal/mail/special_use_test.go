package mail

import (
	"errors"
	"slices"
	"testing"

	"github.com/restante/restante/imap"
)

// The aim: a value of /private/specialuse is read as CREATE would take its uses,
// and is written as LIST tells them (RFC 6154 §4).
func TestSpecialUseValues(t *testing.T) {
	for _, test := range []struct {
		value string
		want  []imap.MailboxAttr
		back  string
	}{
		{"", nil, ""}, {" ", nil, ""}, {`\Drafts`, []imap.MailboxAttr{imap.AttrDrafts}, `\Drafts`},
		{`\sent  \ARCHIVE \Sent`, []imap.MailboxAttr{imap.AttrSent, imap.AttrArchive}, `\Sent \Archive`},
	} {
		got, err := specialUses([]byte(test.value))
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%q: %v, %v", test.value, got, err)
		}
		if back := string((&Mailbox{SpecialUse: got}).SpecialUseValue()); back != test.back {
			t.Errorf("%q came back as %q", test.value, back)
		}
	}
	for _, value := range []string{`\All`, `\Flagged`, `Drafts`, `\Drafts x`, "\\Drafts\x00", `\HasChildren`} {
		if uses, err := specialUses([]byte(value)); !errors.Is(err, ErrSpecialUse) {
			t.Errorf("%q: %v, %v", value, uses, err)
		}
	}
	if value := (&Mailbox{}).SpecialUseValue(); value != nil {
		t.Errorf("no use is %q", value)
	}
}
