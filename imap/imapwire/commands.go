package imapwire

// commandNames are the commands whose names are known before they are read, so
// that reading one allocates nothing. An unknown name is no error here.
var commandNames = makeCommandNames(
	"CAPABILITY", "NOOP", "LOGOUT", "STARTTLS", "AUTHENTICATE", "LOGIN",
	"ENABLE", "SELECT", "EXAMINE", "CREATE", "DELETE", "RENAME", "SUBSCRIBE",
	"UNSUBSCRIBE", "LIST", "LSUB", "NAMESPACE", "STATUS", "APPEND", "IDLE",
	"GENURLAUTH", "RESETKEY", "URLFETCH",
	"CHECK", "CLOSE", "UNSELECT", "EXPUNGE", "SEARCH", "FETCH", "STORE", "COPY",
	"MOVE", "REPLACE", "COMPRESS", "UNAUTHENTICATE", "UIDBATCHES", "UID", "ID",
	"UID FETCH", "UID STORE", "UID COPY", "UID MOVE", "UID SEARCH", "UID EXPUNGE",
	"UID REPLACE",
	"GETQUOTA", "GETQUOTAROOT", "SETQUOTA",
	"CONVERSIONS", "CONVERT", "UID CONVERT",
	"GETMETADATA", "SETMETADATA",
	"NOTIFY", "LANGUAGE",
	"ESEARCH", "CANCELUPDATE", "COMPARATOR", "SORT", "UID SORT", "THREAD", "UID THREAD",
)

func makeCommandNames(names ...string) map[string]string {
	table := make(map[string]string, len(names))
	for _, name := range names {
		table[name] = name
	}
	return table
}

// internCommand returns prefix and name, in upper case, as one string.
func internCommand(prefix string, name []byte) string {
	var buffer [32]byte
	key := append(buffer[:0], prefix...)
	for _, c := range name {
		key = append(key, upper(c))
	}
	if known, ok := commandNames[string(key)]; ok {
		return known
	}
	return string(key)
}
