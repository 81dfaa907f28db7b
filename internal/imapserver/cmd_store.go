package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// store is STORE and UID STORE (RFC 9051 §6.4.6, RFC 7162 §3.1.3).
func (s *session) store(request imap.StoreRequest) (outcome, error) {
	if request.HasUnchangedSince {
		if err := s.enableModSeqs(); err != nil {
			return outcome{}, err
		}
	}
	uids, err := s.resolve(request.Messages)
	if err != nil {
		return outcome{}, err
	}
	// Who may read may keep notes of his own (RFC 5257 §3.4), but EXAMINE changes
	// nothing (RFC 9051 §6.3.3).
	if request.Annotations == nil || s.mailbox.examined {
		if err := s.mayChange(); err != nil {
			return outcome{}, err
		}
	}
	uids, limit := s.newest(uids)
	if request.Annotations != nil {
		out, err := s.storeAnnotations(request, uids, s.writerFor(limit))
		return s.limited(out, err, limit)
	}
	var result mail.FlagsResult
	if len(uids) > 0 {
		if err := s.changeFlags(request, uids, &result); err != nil {
			return outcome{}, err
		}
		if err := s.tellStored(request, uids, &result, s.writerFor(limit)); err != nil {
			return outcome{}, err
		}
	}
	out, err := s.storeOutcome(request, &result)
	return s.limited(out, err, limit)
}

// errReadOnly refuses a change in a mailbox that was opened by EXAMINE.
var errReadOnly = no(imap.CodeReadOnly, "Mailbox is selected read-only")

func (s *session) changeFlags(request imap.StoreRequest, uids imap.UIDSet, result *mail.FlagsResult) error {
	wish := mail.FlagsWish{
		Op: mail.ReplaceFlags, Flags: storableFlags(request.Flags),
		Conditional: request.HasUnchangedSince, UnchangedSince: request.UnchangedSince, By: s.mailbox.by(),
	}
	switch request.Op {
	case imap.StoreAdd:
		wish.Op = mail.AddFlags
	case imap.StoreRemove:
		wish.Op = mail.RemoveFlags
	}
	position, err := s.mailbox.account.Commit(s.context, mail.ChangeFlags(s.mailbox.id, uids, wish, result))
	if err != nil {
		return ignoreGone(err)
	}
	if len(result.Changed) == 0 {
		position = 0 // nothing was written: the position is someone else's
	}
	return s.absorb(position)
}

// storableFlags leaves out what no client can set: \Recent, and system flags
// that do not exist, which PERMANENTFLAGS does not offer (RFC 9051 §7.1).
func storableFlags(flags []imap.Flag) []imap.Flag {
	storable := make([]imap.Flag, 0, len(flags))
	for _, flag := range flags {
		if !flag.IsSystem() || isSystemFlag(flag) {
			storable = append(storable, flag)
		}
	}
	return storable
}

func isSystemFlag(flag imap.Flag) bool {
	for _, known := range imap.SystemFlags {
		if known.Equal(flag) {
			return true
		}
	}
	return false
}

// tellStored answers with the new flags, unless the client wants silence; one
// that keeps modification sequences hears those in any case. Of messages that
// failed UNCHANGEDSINCE it hears the flags that they have (RFC 7162 §3.1.3).
func (s *session) tellStored(request imap.StoreRequest, uids imap.UIDSet, result *mail.FlagsResult, write messageWriter) error {
	told := uids.Minus(result.Missing)
	full := told
	var brief imap.UIDSet
	if request.Silent && !result.Partial { // what may not be changed is told (RFC 4314 §4)
		full = result.Modified
		if s.dialect.tellsModSeqs() {
			brief = told.Minus(result.Modified)
		}
	}
	items := s.dialect.storedItems(request.Messages.ByUID)
	if len(full) > 0 {
		s.mailbox.view.FlagsTold(full)
		plan := compileFetch(s.dialect.messageItems(append(items, imap.FetchFlags)...))
		if err := write(plan, full); err != nil {
			return err
		}
	}
	if len(brief) > 0 {
		return write(compileFetch(s.dialect.messageItems(items...)), brief)
	}
	return nil
}

// storeOutcome says what could not be done: messages that failed
// UNCHANGEDSINCE, and messages that are gone, of which a client that named
// numbers must hear (RFC 2180 §4.2).
func (s *session) storeOutcome(request imap.StoreRequest, result *mail.FlagsResult) (outcome, error) {
	var out outcome
	if len(result.Modified) > 0 {
		modified := imap.MessageSet{ByUID: request.Messages.ByUID, UIDs: result.Modified}
		if !modified.ByUID {
			modified.Seqs = s.mailbox.view.Seqs(result.Modified)
		}
		out = outcome{code: imap.CodeModified{Messages: modified}, text: "Conditional STORE failed for some messages"}
	}
	if len(result.Missing) == 0 || request.Messages.ByUID {
		return out, nil
	}
	if out.code == nil {
		out.code = imap.CodeExpungeIssued
	}
	return outcome{}, no(out.code, "Some of the messages no longer exist")
}
