package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/vfs"
)

// strange are messages whose octets are easily lost.
var strange = []string{
	"Subject: plain\r\n\r\ntext\r\n",
	"Subject: no end\r\n\r\ntext",
	"Subject: from\r\n\r\nFrom a@b Sun Sep  9 01:46:40 2001\r\n>From x\r\n>>From y\r\nFrom",
	"From the first line on\r\n\r\n>From\r\n",
	"\r\nno header\r\n",
	"Subject: blank\r\n\r\n\r\n\r\n",
	"Subject: nul\r\n\r\n\x00\xff\r\n",
	"Subject: cr\r\n\r\na\rb\r\n\rc\r\n",
	"Subject: long\r\n\r\n" + strings.Repeat("From x\r\n"+strings.Repeat("y", 70000)+"\r\n", 3),
	"Subject: mine\r\nContent-Length: 7\r\n\r\nFrom me\r\n",
}

// mixed are those that only a maildir keeps, because an mbox has one kind of
// line ends.
var mixed = []string{
	"Subject: mixed\r\n\r\na\nb\r\n",
	"Subject: doubled\r\n\r\na\r\r\nb\r\n",
	"Subject: cr\r\n\r\na\r\n\r\r",
	" begins with a space\r\n\r\nx\r\n",
}

// fill makes an account with folders, flags, keywords and strange messages.
func (r *rig) fill(id mail.AccountID, texts []string) {
	r.t.Helper()
	ctx := context.Background()
	account, err := r.store.Account(ctx, id)
	r.must(err)
	now := time.Unix(1_500_000_000, 0)
	_, err = account.Commit(ctx, mail.ProvisionAccount(now))
	r.must(err)
	for n, name := range []string{"INBOX", "INBOX/Below", "Über & co/a.b/..", "R&D", "&AOk-", "Empty", strings.Repeat("x", 100)} {
		var box mail.MailboxID
		if n > 0 {
			_, err = account.Commit(ctx, mail.CreateMailbox(name, nil, now, &box))
			r.must(err)
			_, err = account.Commit(ctx, mail.Subscribe(name, n%2 == 0))
			r.must(err)
		} else {
			r.must(account.Read(ctx, func(state mail.State) error {
				inbox, err := state.MailboxNamed(name)
				box = inbox.ID
				return err
			}))
		}
		if name == "Empty" {
			continue
		}
		var uids, gone imap.UIDSet
		for i, text := range texts {
			message := r.stage(text)
			message.UID = imap.UID(10*n + 3*i + 1)
			message.InternalDate = mail.Instant{Unix: 1_000_000_000 + int64(i*1000+n)}
			message.Flags = []imap.Flag{imap.FlagSeen, "$Forwarded", "work", imap.FlagAnswered, imap.FlagFlagged, imap.FlagDraft, imap.FlagDeleted}[:(i+n)%8]
			_, err = account.Commit(ctx, mail.Append(box, []mail.NewMessage{message}, now, &uids))
			r.must(err)
			message.Body.Release()
		}
		if n%3 == 1 { // the largest UID is gone
			_, err = account.Commit(ctx, mail.Remove(box, uids, &gone))
			r.must(err)
		}
	}
}

func (r *rig) stage(text string) mail.NewMessage {
	r.t.Helper()
	staging := r.store.Stage()
	_, err := io.WriteString(staging, text)
	r.must(err)
	body, err := staging.Finish()
	r.must(err)
	return mail.NewMessage{Body: body}
}

// The aim: an account that was exported and imported is the same, UIDs and
// octets included, and its export is the same to the octet.
func TestRoundTrip(t *testing.T) {
	for _, c := range []struct {
		format Format
		texts  []string
	}{{Maildir, slices.Concat(strange, mixed)}, {Mbox, strange}} {
		t.Run(string(c.format), func(t *testing.T) {
			r := newRig(t)
			r.fill(1, c.texts)
			first := r.exports(c.format, 1)
			report := r.imports(c.format, first, 2)
			r.wantProblems(report)
			if c.format == Mbox {
				r.requireSame(asInMbox(r.account(1)), asInMbox(r.account(2)))
			} else {
				r.requireSame(r.account(1), r.account(2))
			}
			if one, two := r.subscriptions(1), r.subscriptions(2); !slices.Equal(one, two) {
				t.Errorf("subscriptions are %q, were %q", two, one)
			}
			second := r.exports(c.format, 2)
			requireSameTree(t, tree(t, first), tree(t, second))
			if again := r.imports(c.format, first, 2); again.Messages != 0 || again.Already != report.Messages {
				t.Errorf("the second run: %+v", again)
			}
		})
	}
}

// asInMbox takes away what an mbox cannot hold: a message without a line end,
// and the UIDVALIDITY of an empty mailbox, which stands in its first message.
func asInMbox(account map[string]contents) map[string]contents {
	for name, c := range account {
		for i, message := range c.messages {
			if !strings.HasSuffix(message, `\n"`) {
				c.messages[i] = strings.TrimSuffix(message, `"`) + `\r\n"`
			}
		}
		if len(c.messages) == 0 {
			c.validity = 0
		}
		account[name] = c
	}
	return account
}

func (r *rig) requireSame(before, after map[string]contents) {
	r.t.Helper()
	for name, want := range before {
		got, ok := after[name]
		if !ok || got.validity != want.validity || got.next != want.next || !slices.Equal(got.uses, want.uses) {
			r.t.Errorf("%q is UIDVALIDITY %d UIDNEXT %d %v, was %d %d %v", name, got.validity, got.next, got.uses, want.validity, want.next, want.uses)
		}
		if len(got.messages) != len(want.messages) {
			r.t.Errorf("%q has %d messages, had %d", name, len(got.messages), len(want.messages))
			continue
		}
		for i := range want.messages {
			if got.messages[i] != want.messages[i] {
				r.t.Errorf("%q holds\n  %.300s\nwas\n  %.300s", name, got.messages[i], want.messages[i])
			}
		}
	}
	if len(before) != len(after) {
		r.t.Errorf("there are %d mailboxes, were %d", len(after), len(before))
	}
}

func requireSameTree(t *testing.T, before, after map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(before)) {
		text, ok := after[name]
		want := before[name]
		if strings.HasSuffix(name, "dovecot-uidlist") { // the folder's own identifier differs
			text, want = cutIdentifier(text), cutIdentifier(want)
		}
		if !ok || text != want {
			t.Errorf("%s is %.200q, was %.200q", name, text, want)
		}
		delete(after, name)
	}
	for name := range after {
		t.Errorf("%s is new", name)
	}
}

func cutIdentifier(list string) string {
	first, rest, _ := strings.Cut(list, "\n")
	head, _, _ := strings.Cut(first, " G")
	return head + "\n" + rest
}

// The aim: an export does not mix with what is there.
func TestExportNeedsRoom(t *testing.T) {
	r := newRig(t)
	if _, err := Export(t.Context(), r.options(Maildir, files(t, "x", "y"), 1)); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("got %v", err)
	}
	if _, err := Export(t.Context(), r.options("zip", t.TempDir(), 1)); err != nil {
		t.Errorf("an account without mailboxes: %v", err)
	}
	if _, err := Import(t.Context(), r.options("zip", t.TempDir(), 1)); !errors.Is(err, ErrFormat) {
		t.Errorf("got %v", err)
	}
	if _, err := Import(t.Context(), r.options(Maildir, t.TempDir()+"/none", 1)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// The aim: a run that is cut off by a failing disk goes on where it stopped:
// in the end each message is there once, with its UID.
func TestImportIsResumed(t *testing.T) {
	const count = 3*batchMessages + 50
	var texts []string
	list := fmt.Sprintf("3 V99 N%d G0\n", count+10)
	for i := range count {
		texts = append(texts, fmt.Sprintf("cur/%d.m:2,S", 1000+i), fmt.Sprintf("Subject: %d\n\ntext\n", i))
		list += fmt.Sprintf("%d :%d.m\n", i+1, 1000+i)
	}
	dir := files(t, append(texts, "dovecot-uidlist", list)...)
	for _, fault := range []error{syscall.ENOSPC, syscall.EIO} {
		for nth := 3; nth < 12; nth += 2 {
			r := newRig(t)
			r.faults.FailNth(nth, fault)
			var imported int64
			runs := 0
			for ; runs < 5; runs++ {
				report, err := Import(t.Context(), r.options(Maildir, dir, 1))
				imported += report.Messages
				if err == nil {
					break
				}
			}
			inbox := r.account(1)["INBOX"]
			if len(inbox.messages) != count || imported != count || inbox.validity != 99 || inbox.next != count+10 {
				t.Fatalf("%v at %d: %d messages after %d runs, %d reported, UIDVALIDITY %d, UIDNEXT %d",
					fault, nth, len(inbox.messages), runs+1, imported, inbox.validity, inbox.next)
			}
			for i, message := range inbox.messages {
				if want := fmt.Sprintf(`%d [\Seen] %d "Subject: %d\r\n\r\ntext\r\n"`, i+1, 1000+i, i); message != want {
					t.Fatalf("message %d is %s, want %s", i, message, want)
				}
			}
		}
	}
	r := newRig(t)
	r.faults.Fail(vfs.Writes, "", syscall.ENOSPC)
	_, err := Import(t.Context(), r.options(Maildir, dir, 1))
	r.faults.Heal()
	if !errors.Is(err, mail.ErrNoSpace) {
		t.Errorf("a full disk: %v", err)
	}
}

// The aim: progress comes to its end, and a run stops when it is told to.
func TestProgressAndCancel(t *testing.T) {
	r := newRig(t)
	dir := files(t, "cur/1.a", "Subject: a\n\n", "cur/2.b", "Subject: b\n\n", ".S/cur/1.a", "Subject: c\n\n")
	ctx, cancel := context.WithCancel(t.Context())
	options := r.options(Maildir, dir, 1)
	options.Progress = func(p Progress) { cancel() }
	if _, err := Import(ctx, options); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	var last Progress
	options.Progress = func(p Progress) { last = p }
	if _, err := Import(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	if last.Messages != 3 || last.Octets != last.OctetTotal || last.OctetTotal != 36 {
		t.Errorf("progress ended with %+v", last)
	}
}
