package transfer

import (
	"slices"
	"testing"

	"github.com/restante/restante/imap"
)

// dovecotMaildir is a maildir as Dovecot leaves it.
func dovecotMaildir(t testing.TB) string {
	return files(t,
		"cur/1000000100.M1P1.host,S=20:2,FS", "Subject: second\n\nb\n",
		"cur/1000000050.M2P1.host:2,RSa", "Subject: first\n\na\n",
		"new/2000000000.M3P1.host", "Subject: new\r\n\r\nbare\nline\r\n",
		"cur/900000000.M4P1.host:2,DPTb", "Subject: old\n\n",
		"tmp/1000000200.M5P1.host", "never finished",
		"dovecot-uidlist", "3 V1234567890 N26 G0123456789abcdef0123456789abcdef\n"+
			"5 :1000000050.M2P1.host\n7 W30 S20 :1000000100.M1P1.host,S=20:2,S\n20 :900000000.M4P1.host\n29 :gone\n",
		"dovecot-keywords", "0 work\n1 $Label1\n",
		"subscriptions", "Sent Items\nL&AOk-vel.Sub\nGone\n",
		".Sent Items/cur/1.x:2,S", "Subject: sent\n\n",
		".L&AOk-vel.Sub/new/", "",
		".L&AOk-vel.Sub/maildirfolder", "",
		"fs/Deep/new/2.y", "Subject: deep\n\n",
	)
}

// The aim: what Dovecot keeps of a maildir comes with it: UIDs, UIDVALIDITY,
// flags, keywords, dates, folders, subscriptions.
func TestImportMaildir(t *testing.T) {
	r := newRig(t)
	report := r.imports(Maildir, dovecotMaildir(t), 1)
	r.wantProblems(report)
	if report.Messages != 6 || report.Folders != 4 {
		t.Errorf("report is %+v", report)
	}
	r.wantMessages(1, "INBOX",
		`5 [\Answered \Seen work] 1000000001 "Subject: first\r\n\r\na\r\n"`,
		`7 [\Flagged \Seen] 1000000000 "Subject: second\r\n\r\nb\r\n"`,
		`20 [$Forwarded $Label1 \Deleted \Draft] 900000000 "Subject: old\r\n\r\n"`,
		`21 [] 1000000002 "Subject: new\r\n\r\nbare\nline\r\n"`,
	)
	account := r.account(1)
	if inbox := account["INBOX"]; inbox.validity != 1234567890 || inbox.next != 30 {
		t.Errorf("INBOX has UIDVALIDITY %d and UIDNEXT %d", inbox.validity, inbox.next)
	}
	r.wantMessages(1, "Sent Items", `1 [\Seen] 1 "Subject: sent\r\n\r\n"`)
	if uses := account["Sent Items"].uses; len(uses) != 0 {
		t.Errorf("Sent Items has the uses %v, which Sent has already", uses)
	}
	r.wantMessages(1, "fs/Deep", `1 [] 2 "Subject: deep\r\n\r\n"`)
	if _, ok := account["Lével/Sub"]; !ok {
		t.Error("Lével/Sub is missing")
	}
	want := []string{"Archive", "Drafts", "Gone", "INBOX", "Junk", "Lével/Sub", "Sent", "Sent Items", "Trash"}
	if got := r.subscriptions(1); !slices.Equal(got, want) {
		t.Errorf("subscriptions are %q, want %q", got, want)
	}
}

// The aim: the lists of subscriptions of several servers are read.
func TestSubscriptions(t *testing.T) {
	for text, want := range map[string][]string{
		"INBOX\nA.B\n\n&AOk-\n":      {"INBOX", "A/B", "é"},
		"V\t2\n\nINBOX\nA\tB\na.b\n": {"INBOX", "A/B", "a.b"},
		"A/B\nbad\x01\n":             {"A/B"},
	} {
		names, found := readSubscriptions(files(t, "subscriptions", text))
		if !found || !slices.Equal(names, want) {
			t.Errorf("%q gives %q", text, names)
		}
	}
	if names, found := readSubscriptions(files(t, "courierimapsubscribed", "INBOX\nINBOX.A.B\n")); !found || !slices.Equal(names, []string{"INBOX", "A/B"}) {
		t.Errorf("Courier's list gives %q", names)
	}
	if _, found := readSubscriptions(t.TempDir()); found {
		t.Error("a list was found where none is")
	}
}

// The aim: a second run imports nothing, also after flags changed on the disk
// and messages were removed from the account; new files come in.
func TestImportMaildirTwice(t *testing.T) {
	r := newRig(t)
	dir := files(t, "new/1.a", "Subject: a\n\n", "cur/2.b:2,S", "Subject: b\n\n", ".Sub/cur/1.a:2,", "Subject: c\n\n")
	r.imports(Maildir, dir, 1)
	move(t, dir+"/new/1.a", dir+"/cur/1.a:2,FS")
	write(t, dir+"/new/3.d", "Subject: d\n\n")
	report := r.imports(Maildir, dir, 1)
	if report.Messages != 1 || report.Already != 3 {
		t.Errorf("the second run: %+v", report)
	}
	r.wantMessages(1, "INBOX", `1 [] 1 "Subject: a\r\n\r\n"`, `2 [\Seen] 2 "Subject: b\r\n\r\n"`, `3 [] 3 "Subject: d\r\n\r\n"`)
	r.wantMessages(1, "Sub", `1 [] 1 "Subject: c\r\n\r\n"`)
	if report := r.imports(Maildir, dir, 2); report.Messages != 4 {
		t.Errorf("another account: %+v", report)
	}
}

// The aim: what is damaged is reported and stands in nobody's way.
func TestImportDamagedMaildir(t *testing.T) {
	r := newRig(t)
	dir := files(t,
		"cur/1.ok:2,S", "Subject: ok\n\n",
		"cur/2.empty:2,S", "",
		"cur/3.dir/x", "not a message",
		"cur/4.odd:2,Sz?9", "no header at all",
		"cur/.hidden", "x",
		"dovecot-uidlist", "3 Vx N1\n1 :1.ok\n",
		"dovecot-keywords", "0 good\nx bad\n99 far\n1 (bad)\n",
		".A..B/cur/", "",
		".bad\x01name/cur/1.x:2,", "Subject: x\n\n",
		".ok/cur/1.x:2,", "\x00\xff\n\r\r\n",
	)
	link(t, "/etc/hostname", dir+"/cur/5.link:2,S")
	report := r.imports(Maildir, dir, 1)
	r.wantProblems(report, "2.empty", "3.dir", "5.link", "its first line is damaged", "cannot read line \"x bad\"",
		"cannot read line \"99 far\"", "cannot read line \"1 (bad)\"", ".A..B", "bad\x01name")
	r.wantMessages(1, "INBOX", `1 [\Seen] 1 "Subject: ok\r\n\r\n"`, `2 [\Seen] 4 "no header at all"`)
	r.wantMessages(1, "ok", `1 [] 1 "\x00\xff\n\r\r\n"`)
}

// The aim: names that stand for a special use get it if nobody has it.
func TestSpecialUseByName(t *testing.T) {
	r := newRig(t)
	r.imports(Maildir, files(t, ".Spam/new/1", "x: y\n\n", ".Trash/new/1", "x: y\n\n"), 1)
	account := r.account(1)
	if len(account["Spam"].uses) != 0 || !slices.Equal(account["Trash"].uses, []imap.MailboxAttr{imap.AttrTrash}) {
		t.Errorf("uses are %v and %v", account["Spam"].uses, account["Trash"].uses)
	}
	if len(account["Trash"].messages) != 1 {
		t.Error("Trash, which was there, has no message")
	}
}
