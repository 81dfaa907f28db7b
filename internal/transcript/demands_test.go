package transcript

// kind is the sort of a word of the protocol.
type kind int

const (
	command kind = iota
	response
	code
	fetchItem
	convertItem
	searchKey
	statusItem
	listOption
	attribute
)

var kindTitles = map[kind]string{
	command: "Commands", response: "Responses", code: "Response codes", fetchItem: "FETCH items", convertItem: "CONVERT items",
	searchKey: "SEARCH keys and result options", statusItem: "STATUS items",
	listOption: "LIST options", attribute: "Mailbox attributes and flags",
}

// sent reports whether a client says words of this kind.
func (k kind) sent() bool { return k != response && k != code && k != attribute }

// demand is one word of the protocol that some case must exercise.
type demand struct {
	kind   kind
	name   string
	source string
	why    string // why no case can; empty where one must
}

// demandsOf makes demands of one kind from one source.
func demandsOf(k kind, source string, names ...string) []demand {
	out := make([]demand, len(names))
	for i, name := range names {
		out[i] = demand{kind: k, name: name, source: source}
	}
	return out
}

// demands was written from RFC 9051 §6 and §7 by hand.
var demands = concat(
	demandsOf(command, "RFC 9051 §6.1", "CAPABILITY", "NOOP", "LOGOUT"),
	demandsOf(command, "RFC 9051 §6.2", "STARTTLS", "AUTHENTICATE", "LOGIN"),
	demandsOf(command, "RFC 9051 §6.3", "ENABLE", "SELECT", "EXAMINE", "CREATE", "DELETE", "RENAME", "SUBSCRIBE",
		"UNSUBSCRIBE", "LIST", "NAMESPACE", "STATUS", "APPEND", "IDLE", "DONE"),
	demandsOf(command, "RFC 9051 §6.4", "CLOSE", "UNSELECT", "EXPUNGE", "SEARCH", "FETCH", "STORE", "COPY", "MOVE",
		"UID FETCH", "UID STORE", "UID COPY", "UID MOVE", "UID SEARCH", "UID EXPUNGE"),
	demandsOf(command, "RFC 5465 §3.1", "NOTIFY"),
	demandsOf(command, "RFC 3501 §6", "LSUB", "CHECK"),
	demandsOf(command, "RFC 4467 §7", "GENURLAUTH", "RESETKEY", "URLFETCH"),
	demandsOf(command, "RFC 2193 §5", "RLIST", "RLSUB"),
	demandsOf(command, "RFC 2971 §3", "ID"),
	demandsOf(command, "RFC 5255 §4.7", "COMPARATOR"),
	demandsOf(command, "RFC 5255 §3.2", "LANGUAGE"),
	demandsOf(command, "RFC 5267 §4.3.5", "CANCELUPDATE"),
	demandsOf(command, "RFC 7377 §2", "ESEARCH"),
	demandsOf(command, "RFC 5464 §4", "GETMETADATA", "SETMETADATA"),
	demandsOf(command, "RFC 9208 §4.1", "GETQUOTA", "GETQUOTAROOT", "SETQUOTA"),
	demandsOf(command, "RFC 5256 §3", "SORT", "UID SORT", "THREAD", "UID THREAD"),

	demandsOf(command, "RFC 5259 §5, §6", "CONVERSIONS", "CONVERT", "UID CONVERT"),

	demandsOf(response, "RFC 5259 §5.2, §8.1", "CONVERSION", "CONVERTED"),
	demandsOf(response, "RFC 9051 §7.1", "OK", "NO", "BAD", "PREAUTH", "BYE"),
	demandsOf(response, "RFC 9051 §7.2", "ENABLED", "CAPABILITY"),
	demandsOf(response, "RFC 9051 §7.3", "LIST", "NAMESPACE", "STATUS", "ESEARCH", "FLAGS"),
	demandsOf(response, "RFC 9051 §7.4", "EXISTS"),
	demandsOf(response, "RFC 9051 §7.5", "EXPUNGE", "FETCH"),
	demandsOf(response, "RFC 9051 §7.6", "+"),
	demandsOf(response, "RFC 3501 §7", "SEARCH", "LSUB", "RECENT"),
	demandsOf(response, "RFC 4467 §8", "GENURLAUTH", "URLFETCH"),
	demandsOf(response, "RFC 7162 §3.2.10", "VANISHED"),
	demandsOf(response, "RFC 5464 §4.4", "METADATA"),
	demandsOf(response, "RFC 5256 §4", "SORT", "THREAD"),
	demandsOf(response, "RFC 9586 §3.3", "UIDFETCH"),
	demandsOf(response, "RFC 5255 §4.8", "COMPARATOR"),
	demandsOf(response, "RFC 5255 §3.3", "LANGUAGE"),
	demandsOf(response, "RFC 9208 §4.2", "QUOTA", "QUOTAROOT"),

	demandsOf(code, "RFC 9051 §7.1", "ALREADYEXISTS", "APPENDUID", "AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED",
		"BADCHARSET", "CANNOT", "CLOSED", "COPYUID", "NONEXISTENT", "NOPERM", "PERMANENTFLAGS", "PRIVACYREQUIRED",
		"READ-ONLY", "READ-WRITE", "TRYCREATE", "UIDNEXT", "UIDVALIDITY", "UNKNOWN-CTE"),
	demandsOf(code, "RFC 5465 §8", "BADEVENT", "NOTIFICATIONOVERFLOW"),
	demandsOf(code, "RFC 3501 §7.1", "UNSEEN"),
	demandsOf(code, "RFC 5255 §3.1", "CAPABILITY"),
	demandsOf(code, "RFC 2193 §6", "REFERRAL"),
	demandsOf(code, "RFC 7162 §7", "HIGHESTMODSEQ", "MODIFIED"),
	demandsOf(code, "RFC 6154 §3", "USEATTR"),
	demandsOf(code, "RFC 9208 §4.3.1", "OVERQUOTA"),
	demandsOf(code, "RFC 8474 §4", "MAILBOXID"),
	demandsOf(code, "RFC 5530 §3", "NOPERM"),
	demandsOf(code, "RFC 5464 §5", "METADATA"),
	demandsOf(code, "RFC 5257 §5", "ANNOTATE", "ANNOTATIONS"),
	demandsOf(code, "RFC 5466 §3.1", "UNDEFINED-FILTER"),
	demandsOf(code, "RFC 5530 §3", "EXPUNGEISSUED"),
	demandsOf(code, "RFC 10022 §3.1", "TOOFEW", "CLIENTBUG", "LIMIT"),
	demandsOf(code, "RFC 5255 §4.9", "BADCOMPARATOR"),
	demandsOf(code, "RFC 9586 §3", "UIDREQUIRED"),
	demandsOf(code, "RFC 9738 §3.1", "MESSAGELIMIT"),
	demandsOf(code, "RFC 5267 §4.3.1", "NOUPDATE"),
	demandsOf(code, "RFC 4469 §4", "BADURL"),
	demandsOf(code, "RFC 5259 §9", "MAXCONVERTMESSAGES", "MAXCONVERTPARTS"),
	unobservable(code, "RFC 5259 §9", "only a server that is busy sends it", "TEMPFAIL"),
	demandsOf(code, "RFC 4467 §8", "URLMECH"),
	unobservable(code, "RFC 9051 §7.1", "only an administrator's act or a broken server brings it about",
		"ALERT", "CONTACTADMIN", "CORRUPTION", "EXPIRED", "INUSE", "SERVERBUG", "UNAVAILABLE", "UIDNOTSTICKY"),
	unobservable(code, "RFC 9051 §7.1", "a server is free to send it or not, whatever a client does",
		"HASCHILDREN", "PARSE"),

	demandsOf(fetchItem, "RFC 9051 §6.4.5", "ALL", "FAST", "FULL", "BODY", "BODYSTRUCTURE", "ENVELOPE", "FLAGS",
		"INTERNALDATE", "RFC822.SIZE", "UID", "BODY[]", "BODY[HEADER]", "BODY[TEXT]", "BODY.PEEK[]", "BODY.PEEK[HEADER]",
		"BODY.PEEK[HEADER.FIELDS", "BODY.PEEK[HEADER.FIELDS.NOT", "BODY.PEEK[TEXT]", "BODY.PEEK[1]", "BODY.PEEK[1.MIME]",
		"BODY.PEEK[2.HEADER]", "BODY.PEEK[2.TEXT]", "BODY.PEEK[2.HEADER.FIELDS", "BODY.PEEK[2.HEADER.FIELDS.NOT",
		"BODY.PEEK[]<", "BODY[]<", "BINARY[", "BINARY.PEEK[", "BINARY.SIZE["),
	demandsOf(fetchItem, "RFC 3501 §6.4.5", "RFC822", "RFC822.HEADER", "RFC822.TEXT"),
	demandsOf(fetchItem, "RFC 8514 §4.2", "SAVEDATE"),
	demandsOf(fetchItem, "RFC 5257 §4.3", "ANNOTATION"),
	demandsOf(fetchItem, "RFC 9394 §3.3", "PARTIAL"),
	demandsOf(fetchItem, "RFC 7162 §3.1.4", "MODSEQ", "CHANGEDSINCE", "VANISHED"),

	demandsOf(convertItem, "RFC 5259 §8", "BINARY[", "BINARY.SIZE[", "BODYPARTSTRUCTURE[", "BODY[HEADER]", "BODY[9.MIME]",
		"AVAILABLECONVERSIONS[", "NIL", "UID"),

	demandsOf(searchKey, "RFC 9051 §6.4.4", "ALL", "ANSWERED", "BCC", "BEFORE", "BODY", "CC", "CHARSET", "DELETED", "DRAFT",
		"FLAGGED", "FROM", "HEADER", "KEYWORD", "LARGER", "NOT", "ON", "OR", "SEEN", "SENTBEFORE", "SENTON", "SENTSINCE",
		"SINCE", "SMALLER", "SUBJECT", "TEXT", "TO", "UID", "UNANSWERED", "UNDELETED", "UNDRAFT", "UNFLAGGED", "UNKEYWORD",
		"UNSEEN", "RETURN", "MIN", "MAX", "COUNT", "SAVE"),
	demandsOf(searchKey, "RFC 3501 §6.4.4", "NEW", "OLD", "RECENT"),
	demandsOf(searchKey, "RFC 7162 §3.1.5", "MODSEQ"),
	demandsOf(searchKey, "RFC 5032 §3", "OLDER", "YOUNGER"),
	demandsOf(searchKey, "RFC 8514 §4.3", "SAVEDBEFORE", "SAVEDON", "SAVEDSINCE", "SAVEDATESUPPORTED"),
	demandsOf(searchKey, "RFC 9394 §3.1", "PARTIAL"),
	demandsOf(searchKey, "RFC 5466 §3.1", "FILTER"),
	demandsOf(searchKey, "RFC 5257 §4.8", "ANNOTATION"),
	demandsOf(searchKey, "RFC 6203 §3", "FUZZY", "RELEVANCY"),
	demandsOf(searchKey, "RFC 5267 §4", "CONTEXT", "UPDATE"),
	demandsOf(searchKey, "RFC 9738 §3.2", "UIDAFTER", "UIDBEFORE"),

	demandsOf(statusItem, "RFC 9051 §6.3.11", "MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "DELETED", "SIZE"),
	demandsOf(statusItem, "RFC 3501 §6.3.10", "RECENT"),
	demandsOf(statusItem, "RFC 7162 §3.1.7", "HIGHESTMODSEQ"),
	demandsOf(statusItem, "RFC 9208 §4.1.4", "DELETED-STORAGE"),

	demandsOf(listOption, "RFC 9051 §6.3.9", "SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "RETURN", "CHILDREN", "STATUS"),
	demandsOf(listOption, "RFC 6154 §5", "SPECIAL-USE"),
	demandsOf(listOption, "RFC 9590 §3", "METADATA"),

	demandsOf(attribute, "RFC 9051 §7.3.1", `\NonExistent`, `\NoSelect`, `\HasChildren`, `\HasNoChildren`, `\Subscribed`,
		`\Remote`, `\Marked`, `\Unmarked`, `\Drafts`, `\Sent`, `\Trash`, `\Junk`, `\Archive`),
	unobservable(attribute, "RFC 9051 §7.3.1", "a server is free to have such mailboxes or not",
		`\NoInferiors`, `\All`),
	demandsOf(attribute, "RFC 8457 §3", `\Important`),
	demandsOf(attribute, "RFC 9979 §8", `\Snoozed`, `\Scheduled`, `\Memos`),
	demandsOf(attribute, "RFC 9051 §2.3.2", `\Answered`, `\Flagged`, `\Deleted`, `\Seen`, `\Draft`),
	demandsOf(attribute, "RFC 3501 §2.3.2", `\Recent`),
)

func unobservable(k kind, source, why string, names ...string) []demand {
	out := demandsOf(k, source, names...)
	for i := range out {
		out[i].why = why
	}
	return out
}

func concat(groups ...[]demand) []demand {
	var out []demand
	for _, group := range groups {
		out = append(out, group...)
	}
	return out
}
