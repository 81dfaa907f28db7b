package imapserver

import (
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
)

// states are those of RFC 9051 §3, as bits: where a session is, or where a
// command is allowed.
type states uint8

const (
	notAuthenticated states = 1 << iota
	authenticated
	selected

	loggedIn = authenticated | selected
	anyState = notAuthenticated | loggedIn
)

// class says how a command is treated.
type class uint8

const (
	// usesSeqs marks FETCH, STORE and SEARCH, during which no removal is
	// announced (RFC 9051 §7.5.1).
	usesSeqs class = 1 << iota
	// takesSeqs marks commands that name messages by sequence numbers, or answer
	// with them: there is another command for UIDs (RFC 9586 §3.2, §3.8).
	takesSeqs
	// ascii marks commands that need no UTF-8, whatever they are about, so that
	// they can be given to a server that demands it (RFC 9755 §7).
	ascii
	// quiet marks commands that end without announcing anything: they leave
	// the mailbox, or have announced all of it themselves.
	quiet
	// streams marks commands whose last literal is read while they run.
	streams
	// secret marks commands whose arguments are not even counted in a log.
	secret
)

// request is a command with its arguments, ready to be run.
type request func(*session) (outcome, error)

// outcome is what a command that succeeded says in its tagged OK. The zero
// value says "completed".
type outcome struct {
	code imap.Code
	text string
	// hold keeps removals from being announced by a command that is not
	// marked usesSeqs.
	hold bool
	// removes has removals told by a command that made them, whatever the
	// client wants to hear of others (RFC 5465 §1).
	removes bool
}

// command is a row of the table.
type command struct {
	name  string
	in    states
	class class
	parse func(d *imapwire.Decoder, tag string) (request, error)
}

// plain makes the parser of a command without arguments.
func plain(run func(*session) (outcome, error)) func(*imapwire.Decoder, string) (request, error) {
	return func(d *imapwire.Decoder, _ string) (request, error) {
		return run, imapwire.DecodeNothing(d)
	}
}

// with makes the parser of a command from that of its arguments.
func with[T any](decode func(*imapwire.Decoder) (T, error), run func(*session, T) (outcome, error)) func(*imapwire.Decoder, string) (request, error) {
	return func(d *imapwire.Decoder, _ string) (request, error) {
		arguments, err := decode(d)
		return func(s *session) (outcome, error) { return run(s, arguments) }, err
	}
}

// bySeq and byUID make the parsers of a command and of its UID form.
func bySeq[T any](decode func(*imapwire.Decoder, bool) (T, error), run func(*session, T) (outcome, error)) func(*imapwire.Decoder, string) (request, error) {
	return with(func(d *imapwire.Decoder) (T, error) { return decode(d, false) }, run)
}

func byUID[T any](decode func(*imapwire.Decoder, bool) (T, error), run func(*session, T) (outcome, error)) func(*imapwire.Decoder, string) (request, error) {
	return with(func(d *imapwire.Decoder) (T, error) { return decode(d, true) }, run)
}

// search makes the parsers of SEARCH, whose answer repeats the tag.
func search(uid bool) func(*imapwire.Decoder, string) (request, error) {
	return func(d *imapwire.Decoder, tag string) (request, error) {
		arguments, err := imapwire.DecodeSearch(d, tag, uid)
		return func(s *session) (outcome, error) { return s.search(arguments) }, err
	}
}

// sort makes the parsers of SORT, which is a SEARCH with an order.
func sort(uid bool) func(*imapwire.Decoder, string) (request, error) {
	return func(d *imapwire.Decoder, tag string) (request, error) {
		arguments, err := imapwire.DecodeSort(d, tag, uid)
		return func(s *session) (outcome, error) { return s.search(arguments) }, err
	}
}

// batches makes the parser of UIDBATCHES, whose answer repeats the tag.
func batches(d *imapwire.Decoder, tag string) (request, error) {
	arguments, err := imapwire.DecodeBatches(d, tag)
	return func(s *session) (outcome, error) { return s.batches(arguments) }, err
}

// commandTable returns every command there is, by name.
func commandTable() map[string]*command {
	rows := slices.Concat(
		sessionCommands(), mailboxCommands(), attributeCommands(), accessCommands(),
		searchCommands(), messageCommands(), urlCommands(), remoteCommands(),
	)
	table := make(map[string]*command, len(rows))
	for i := range rows {
		table[rows[i].name] = &rows[i]
	}
	return table
}

// sessionCommands are the rows of what is about the session (RFC 9051 §6.1, §6.2, §6.3.1).
func sessionCommands() []command {
	return []command{
		{"CAPABILITY", anyState, ascii, plain((*session).capability)},
		{"NOOP", anyState, ascii, plain((*session).noop)},
		{"LOGOUT", anyState, quiet | ascii, plain((*session).logout)},
		{"ID", anyState, ascii, with(imapwire.DecodeID, (*session).identify)},
		{"LANGUAGE", anyState, ascii, with(imapwire.DecodeLanguage, (*session).language)},
		{"STARTTLS", notAuthenticated, quiet, plain((*session).startTLS)},
		{"LOGIN", notAuthenticated, quiet | secret, with(imapwire.DecodeLogin, (*session).login)},
		{"AUTHENTICATE", notAuthenticated, quiet | secret, with(imapwire.DecodeAuthenticate, (*session).authenticate)},
		{"UNAUTHENTICATE", loggedIn, quiet | ascii, plain((*session).unauthenticate)},
		{"COMPRESS", loggedIn, ascii, with(imapwire.DecodeCompress, (*session).compress)},
		{"ENABLE", loggedIn, ascii, with(imapwire.DecodeEnable, (*session).enable)},
		{"COMPARATOR", loggedIn, 0, with(imapwire.DecodeComparator, (*session).comparator)},
		{"NOTIFY", loggedIn, 0, with(imapwire.DecodeNotify, (*session).notifyAbout)},
		{"IDLE", loggedIn, ascii, plain((*session).idle)},
	}
}

// mailboxCommands are the rows of what is about mailboxes (RFC 9051 §6.3).
func mailboxCommands() []command {
	return []command{
		{"SELECT", loggedIn, quiet, with(imapwire.DecodeSelect, (*session).selectMailbox)},
		{"EXAMINE", loggedIn, quiet, with(imapwire.DecodeSelect, (*session).examineMailbox)},
		{"CREATE", loggedIn, 0, with(imapwire.DecodeCreate, (*session).create)},
		{"DELETE", loggedIn, 0, with(imapwire.DecodeMailbox, (*session).deleteMailbox)},
		{"RENAME", loggedIn, 0, with(imapwire.DecodeRename, (*session).rename)},
		{"SUBSCRIBE", loggedIn, 0, with(imapwire.DecodeMailbox, (*session).subscribe)},
		{"UNSUBSCRIBE", loggedIn, 0, with(imapwire.DecodeMailbox, (*session).unsubscribe)},
		{"LIST", loggedIn, 0, with(imapwire.DecodeList, (*session).list)},
		{"LSUB", loggedIn, 0, with(imapwire.DecodeLsub, (*session).lsub)},
		{"STATUS", loggedIn, 0, with(imapwire.DecodeStatus, (*session).status)},
		{"APPEND", loggedIn, streams, with(imapwire.DecodeAppend, (*session).append)},
		{"CHECK", selected, 0, plain((*session).noop)}, // RFC 3501 §6.4.1
		{"CLOSE", selected, quiet, plain((*session).closeMailbox)},
		{"UNSELECT", selected, quiet, plain((*session).unselect)},
	}
}

// attributeCommands are the rows of what mailboxes and accounts have besides messages
// (RFC 9208 §4.1, RFC 5464 §4).
func attributeCommands() []command {
	return []command{
		{"GETQUOTA", loggedIn, 0, with(imapwire.DecodeGetQuota, (*session).getQuota)},
		{"GETQUOTAROOT", loggedIn, 0, with(imapwire.DecodeMailbox, (*session).getQuotaRoot)},
		{"SETQUOTA", loggedIn, 0, with(imapwire.DecodeSetQuota, (*session).setQuota)},
		{"GETMETADATA", loggedIn, 0, with(imapwire.DecodeGetMetadata, (*session).getMetadata)},
		{"SETMETADATA", loggedIn, 0, with(imapwire.DecodeSetMetadata, (*session).setMetadata)},
	}
}

// searchCommands are the rows of what finds messages (RFC 9051 §6.4.4, RFC 5256 §3).
func searchCommands() []command {
	return []command{
		{"SEARCH", selected, usesSeqs | takesSeqs, search(false)},
		{"UID SEARCH", selected, 0, search(true)},
		{"ESEARCH", loggedIn, 0, multiSearch},
		{"CANCELUPDATE", selected, 0, with(imapwire.DecodeCancelUpdate, (*session).cancelUpdate)},
		{"SORT", selected, usesSeqs | takesSeqs, sort(false)},
		{"UID SORT", selected, 0, sort(true)},
		{"THREAD", selected, usesSeqs | takesSeqs, bySeq(imapwire.DecodeThread, (*session).thread)},
		{"UID THREAD", selected, 0, byUID(imapwire.DecodeThread, (*session).thread)},
		{"UIDBATCHES", selected, 0, batches},
	}
}

// messageCommands are the rows of what reads and changes messages (RFC 9051 §6.4).
func messageCommands() []command {
	return []command{
		{"FETCH", selected, usesSeqs | takesSeqs, bySeq(imapwire.DecodeFetch, (*session).fetch)},
		{"UID FETCH", selected, 0, byUID(imapwire.DecodeFetch, (*session).fetch)},
		{"CONVERSIONS", loggedIn, 0, with(imapwire.DecodeConversions, (*session).conversions)},
		{"CONVERT", selected, usesSeqs | takesSeqs, bySeq(imapwire.DecodeConvert, (*session).convert)},
		{"UID CONVERT", selected, 0, byUID(imapwire.DecodeConvert, (*session).convert)},
		{"STORE", selected, usesSeqs | takesSeqs, bySeq(imapwire.DecodeStore, (*session).store)},
		{"UID STORE", selected, 0, byUID(imapwire.DecodeStore, (*session).store)},
		{"COPY", selected, takesSeqs, bySeq(imapwire.DecodeCopy, (*session).copy)},
		{"UID COPY", selected, 0, byUID(imapwire.DecodeCopy, (*session).copy)},
		{"MOVE", selected, takesSeqs, bySeq(imapwire.DecodeCopy, (*session).move)},
		{"UID MOVE", selected, 0, byUID(imapwire.DecodeCopy, (*session).move)},
		{"REPLACE", selected, streams | takesSeqs, bySeq(imapwire.DecodeReplace, (*session).replace)},
		{"UID REPLACE", selected, streams, byUID(imapwire.DecodeReplace, (*session).replace)},
		{"EXPUNGE", selected, 0, plain((*session).expunge)},
		{"UID EXPUNGE", selected, 0, with(imapwire.DecodeUIDExpunge, (*session).uidExpunge)},
	}
}

// accessCommands are the rows of others' mailboxes and of rights on them
// (RFC 9051 §6.3.10, RFC 4314 §3).
func accessCommands() []command {
	return []command{
		{"NAMESPACE", loggedIn, 0, plain((*session).namespace)},
		{"SETACL", loggedIn, 0, with(imapwire.DecodeSetACL, (*session).setACL)},
		{"DELETEACL", loggedIn, 0, with(imapwire.DecodeACLIdentifier, (*session).deleteACL)},
		{"GETACL", loggedIn, 0, with(imapwire.DecodeMailbox, (*session).getACL)},
		{"LISTRIGHTS", loggedIn, 0, with(imapwire.DecodeACLIdentifier, (*session).listRights)},
		{"MYRIGHTS", loggedIn, 0, with(imapwire.DecodeMailbox, (*session).myRights)},
	}
}

// urlCommands returns the rows of URLs that carry authorization (RFC 4467 §7).
func urlCommands() []command {
	return []command{
		{"GENURLAUTH", loggedIn, 0, with(imapwire.DecodeGenURLAuth, (*session).genURLAuth)},
		{"RESETKEY", loggedIn, 0, with(imapwire.DecodeResetKey, (*session).resetKey)},
		{"URLFETCH", loggedIn, 0, with(imapwire.DecodeURLFetch, (*session).urlFetch)},
	}
}
