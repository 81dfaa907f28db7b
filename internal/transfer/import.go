package transfer

import (
	"context"
	"errors"
	"io"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// Import brings mail from a disk into an account. What is damaged stands in
// the report; an error means that the run was cut off, and that another run
// will go on where it stopped: the store's errors, ctx's, or that Dir cannot
// be read at all.
func Import(ctx context.Context, options Options) (report Report, err error) {
	options = options.withDefaults()
	from, err := openSource(options.Format, options.Dir, &report)
	if err != nil {
		return report, err
	}
	account, err := options.Store.Account(ctx, options.Account)
	if err != nil {
		return report, err
	}
	if _, err := account.Commit(ctx, mail.ProvisionAccount(options.Now())); err != nil {
		return report, err
	}
	i := &importer{Options: options, context: ctx, account: account, report: &report}
	i.progress.OctetTotal = from.octets
	names := from.subscribed
	for _, f := range from.folders {
		if err := i.folder(f); err != nil {
			return report, err
		}
		report.Folders++
		if !from.hasList {
			names = append(names, f.name)
		}
	}
	_, err = account.Commit(ctx, subscribe(names))
	return report, err
}

// importer is one run of Import.
type importer struct {
	Options
	context  context.Context
	account  mail.Account
	report   *Report
	progress Progress

	// Of the folder that is being imported:
	notes  *notes
	target target
	batch  []mail.NewMessage
	octets int64
	path   string
}

// folder imports one folder.
func (i *importer) folder(f *folder) (err error) {
	if i.notes, err = readNotes(i.context, i.account, i.Format, f.name); err != nil {
		return err
	}
	i.progress.Folder, i.path = f.name, f.path
	if _, err := i.account.Commit(i.context, prepare(f, i.Now(), &i.target)); err != nil {
		i.report.problem(f.path, "cannot become mailbox %q: %v", f.name, err)
		return storeTrouble(err)
	}
	defer i.release()
	for m := range f.messages(i.report) {
		if err := i.context.Err(); err != nil {
			return err
		}
		// A batch waits until it is known not to be the last.
		if len(i.batch) >= batchMessages || i.octets >= batchOctets {
			if err := i.commit(0); err != nil {
				return err
			}
		}
		if err := i.message(m); err != nil {
			return err
		}
		i.progress.Messages++
		i.progress.Octets += m.octets
		i.Progress(i.progress)
	}
	return i.commit(f.next)
}

// storeTrouble returns errors that stop a run: those which the next message
// or mailbox would meet, too.
func storeTrouble(err error) error {
	for _, local := range []error{
		mail.ErrBadName, mail.ErrTooManyKeywords, mail.ErrMailboxFull, mail.ErrTooManyMailbox,
		mail.ErrMailboxExists, mail.ErrSpecialUse, mail.ErrNoMailbox,
	} {
		if errors.Is(err, local) {
			return nil
		}
	}
	return err
}

// sink tells errors of the store from those of the source.
type sink struct {
	to     io.Writer
	octets int64
	err    error
}

func (s *sink) Write(p []byte) (n int, err error) {
	n, err = s.to.Write(p)
	s.octets += int64(n)
	if err != nil {
		s.err = err
	}
	return n, err
}

// message stages one message for the next commit, unless it was imported.
func (i *importer) message(m *sourceMessage) error {
	if m.key != "" && i.notes.has(m.key) {
		i.report.Already++
		return nil
	}
	staging := i.Store.Stage()
	to := &sink{to: staging}
	key, err := m.write(to)
	switch {
	case to.err != nil:
		staging.Discard()
		return to.err
	case err != nil:
		staging.Discard()
		i.report.problem(m.path, "cannot be read: %v", err)
		return nil
	case i.notes.has(key):
		staging.Discard()
		i.report.Already++
		return nil
	case to.octets == 0:
		staging.Discard()
		i.report.problem(m.path, "is empty")
		return nil
	}
	body, err := staging.Finish()
	if err != nil {
		return err
	}
	message := mail.NewMessage{Body: body, Flags: m.flags, InternalDate: m.date}
	if i.target.keepUIDs {
		message.UID = m.uid
	}
	i.batch = append(i.batch, message)
	i.octets += to.octets
	i.notes.add(key)
	return nil
}

// commit brings the batch. next is UIDNEXT of the source at the end of a
// folder, else 0.
func (i *importer) commit(next imap.UID) error {
	defer i.release()
	if !i.target.keepUIDs {
		next = 0
	}
	uids, err := i.tryCommit(next)
	if errors.Is(err, mail.ErrTooManyKeywords) {
		// Keywords are the least that can be lost.
		for n := range i.batch {
			i.batch[n].Flags = systemFlags(i.batch[n].Flags)
		}
		i.report.problem(i.path, "%d messages lost their keywords: %v", len(i.batch), err)
		uids, err = i.tryCommit(next)
	}
	if err != nil {
		i.report.problem(i.path, "%d messages were not imported: %v", len(i.batch), err)
		i.notes.fresh = i.notes.fresh[:0]
		return storeTrouble(err)
	}
	if len(i.batch) > 0 {
		i.notes.written()
		i.report.Messages += int64(uids.Count())
		i.report.Octets += i.octets
	}
	return nil
}

func (i *importer) tryCommit(next imap.UID) (uids imap.UIDSet, err error) {
	_, err = i.account.Commit(i.context, func(state mail.State) (effects mail.Effects, err error) {
		box, err := state.Mailbox(i.target.id)
		if err != nil {
			return effects, err
		}
		if len(i.batch) == 0 {
			if next > box.UIDNext && box.Messages == 0 {
				effects.Records = []mail.Record{mail.MailboxRenumbered{ID: box.ID, UIDValidity: box.UIDValidity, UIDNext: next}}
			}
			return effects, nil
		}
		if effects, err = mail.Append(i.target.id, i.batch, i.Now(), &uids)(state); err != nil {
			return effects, err
		}
		effects.Records = append(effects.Records, i.notes.record())
		effects.BeyondQuota = true // who moves in brings all he has
		effects.Records = append(effects.Records, lastGone(effects.Records, uids, next)...)
		return effects, nil
	})
	return uids, err
}

// lastGone says that the UID before next was once given and is gone, if that
// is so in the source: a UID that a client has seen must not be given to
// another message (RFC 9051 §2.3.1.1). It repeats the last message of the
// batch under that UID and removes it in the same commit.
func lastGone(records []mail.Record, uids imap.UIDSet, next imap.UID) []mail.Record {
	if len(uids) == 0 || next <= uids[len(uids)-1].Stop+1 {
		return nil
	}
	for n := len(records) - 1; n >= 0; n-- {
		if added, ok := records[n].(mail.MessageAdded); ok {
			added.UID, added.Flags = next-1, nil
			return []mail.Record{added, mail.MessagesRemoved{Mailbox: added.Mailbox, UIDs: imap.SetOf(next - 1)}}
		}
	}
	return nil
}

// release gives back what the batch holds.
func (i *importer) release() {
	for _, m := range i.batch {
		m.Body.Release()
	}
	i.batch, i.octets = i.batch[:0], 0
}

func systemFlags(flags []imap.Flag) []imap.Flag {
	var system []imap.Flag
	for _, flag := range flags {
		if flag.IsSystem() {
			system = append(system, flag)
		}
	}
	return system
}
