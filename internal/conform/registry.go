package conform

// row is one capability of IANA's registry "IMAP Capabilities".
type row struct {
	name string
	rfc  string // numbers of the documents that define it
	// proof are the sections that the capability is about, as prefixes of what
	// cases say that they cover. A case that needs the capability proves it,
	// too.
	proof []string
	// state says why the server does not offer it, if it does not.
	state string
}

const (
	// waiting are rows of protocols that the server does not speak yet.
	waiting = "waits for "
	// obsolete are rows that no server should offer any more.
	obsolete = "obsolete"

	notOffered = "NOT OFFERED"
	notProved  = "NOT PROVED"
)

// registry is every row, in the order of the registry. Its notes say which
// names stand for several: a name that ends in "=" is one of these.
var registry = []row{
	{name: "ACL", rfc: "4314", proof: []string{"RFC 4314"}},
	{name: "ANNOTATE-EXPERIMENT-1", rfc: "5257", proof: []string{"RFC 5257"}},
	{name: "APPENDLIMIT", rfc: "7889", proof: []string{"RFC 7889"}},
	{name: "AUTH=", rfc: "9051, 3501", proof: []string{"RFC 9051 §6.2.2", "RFC 4616", "RFC 5802", "RFC 7677", "RFC 7628", "RFC 4505", "RFC 4422"}},
	{name: "BINARY", rfc: "3516", proof: []string{"RFC 3516"}},
	{name: "CATENATE", rfc: "4469", proof: []string{"RFC 4469"}},
	{name: "CHILDREN", rfc: "3348", proof: []string{"RFC 3348", "RFC 9051 §6.3.9.5"}},
	{name: "COMPRESS=DEFLATE", rfc: "4978", proof: []string{"RFC 4978"}},
	{name: "CONDSTORE", rfc: "7162", proof: []string{"RFC 7162 §3.1"}},
	{name: "CONTEXT=SEARCH", rfc: "5267", proof: []string{"RFC 5267 §4"}},
	{name: "CONTEXT=SORT", rfc: "5267", proof: []string{"RFC 5267 §4"}},
	{name: "CONVERT", rfc: "5259", proof: []string{"RFC 5259"}},
	{name: "CREATE-SPECIAL-USE", rfc: "6154", proof: []string{"RFC 6154 §3"}},
	{name: "ENABLE", rfc: "5161", proof: []string{"RFC 5161", "RFC 9051 §6.3.1"}},
	{name: "ESEARCH", rfc: "4731", proof: []string{"RFC 4731"}},
	{name: "ESORT", rfc: "5267", proof: []string{"RFC 5267 §3"}},
	{name: "FILTERS", rfc: "5466", proof: []string{"RFC 5466"}},
	{name: "I18NLEVEL=1", rfc: "5255", proof: []string{"RFC 5255 §4"}},
	{name: "I18NLEVEL=2", rfc: "5255", proof: []string{"RFC 5255 §4"}},
	{name: "ID", rfc: "2971", proof: []string{"RFC 2971"}},
	{name: "IDLE", rfc: "2177", proof: []string{"RFC 2177", "RFC 9051 §6.3.13"}},
	{name: "IMAP4REV1", rfc: "3501", proof: []string{"RFC 3501"}},
	{name: "IMAP4REV2", rfc: "9051", proof: []string{"RFC 9051"}},
	{name: "IMAPSIEVE=", rfc: "6785", state: waiting + "Sieve"},
	{name: "INPROGRESS", rfc: "9585", proof: []string{"RFC 9585"}},
	{name: "JMAPACCESS", rfc: "9698", state: waiting + "JMAP"},
	{name: "LANGUAGE", rfc: "5255", proof: []string{"RFC 5255 §3"}},
	{name: "LIST-EXTENDED", rfc: "5258", proof: []string{"RFC 5258"}},
	{name: "LIST-METADATA", rfc: "9590", proof: []string{"RFC 9590"}},
	{name: "LIST-MYRIGHTS", rfc: "8440", proof: []string{"RFC 8440"}},
	{name: "LIST-STATUS", rfc: "5819", proof: []string{"RFC 5819", "RFC 9051 §6.3.9.8"}},
	{name: "LITERAL+", rfc: "7888", proof: []string{"RFC 7888"}},
	{name: "LITERAL-", rfc: "7888", proof: []string{"RFC 7888 §5"}},
	{name: "LOGIN-REFERRALS", rfc: "2221", proof: []string{"RFC 2221"}},
	{name: "LOGINDISABLED", rfc: "9051, 3501", proof: []string{"RFC 9051 §7.2.2"}},
	{name: "MAILBOX-REFERRALS", rfc: "2193", proof: []string{"RFC 2193"}},
	{name: "MESSAGELIMIT=", rfc: "9738", proof: []string{"RFC 9738"}},
	{name: "METADATA", rfc: "5464", proof: []string{"RFC 5464"}},
	{name: "METADATA-SERVER", rfc: "5464", proof: []string{"RFC 5464"}},
	{name: "MOVE", rfc: "6851", proof: []string{"RFC 6851", "RFC 9051 §6.4.8"}},
	{name: "MULTIAPPEND", rfc: "3502", proof: []string{"RFC 3502"}},
	{name: "MULTISEARCH", rfc: "7377", proof: []string{"RFC 7377"}},
	{name: "NAMESPACE", rfc: "2342", proof: []string{"RFC 2342", "RFC 9051 §6.3.10"}},
	{name: "NOTIFY", rfc: "5465", proof: []string{"RFC 5465"}},
	{name: "OBJECTID", rfc: "8474", proof: []string{"RFC 8474"}},
	{name: "PARTIAL", rfc: "9394", proof: []string{"RFC 9394"}},
	{name: "PREVIEW", rfc: "8970", proof: []string{"RFC 8970"}},
	{name: "QRESYNC", rfc: "7162", proof: []string{"RFC 7162 §3.2"}},
	{name: "QUOTA", rfc: "9208", proof: []string{"RFC 9208"}},
	{name: "QUOTA=", rfc: "9208", proof: []string{"RFC 9208"}},
	{name: "QUOTASET", rfc: "9208", proof: []string{"RFC 9208"}},
	{name: "REPLACE", rfc: "8508", proof: []string{"RFC 8508"}},
	{name: "RIGHTS=", rfc: "4314", proof: []string{"RFC 4314"}},
	{name: "SASL-IR", rfc: "4959", proof: []string{"RFC 4959"}},
	{name: "SAVEDATE", rfc: "8514", proof: []string{"RFC 8514"}},
	{name: "SAVELIMIT=", rfc: "9738", proof: []string{"RFC 9738"}},
	{name: "SEARCH=FUZZY", rfc: "6203", proof: []string{"RFC 6203"}},
	{name: "SEARCHRES", rfc: "5182", proof: []string{"RFC 5182", "RFC 9051 §6.4.4.1"}},
	{name: "SORT", rfc: "5256", proof: []string{"RFC 5256 §3"}},
	{name: "SORT=DISPLAY", rfc: "5957", proof: []string{"RFC 5957"}},
	{name: "SPECIAL-USE", rfc: "6154", proof: []string{"RFC 6154"}},
	{name: "STARTTLS", rfc: "9051, 3501", proof: []string{"RFC 9051 §6.2.1"}},
	{name: "STATUS=SIZE", rfc: "8438", proof: []string{"RFC 8438"}},
	{name: "THREAD", rfc: "5256", proof: []string{"RFC 5256 §3"}},
	{name: "UIDBATCHES", rfc: "10022", proof: []string{"RFC 10022"}},
	{name: "UIDONLY", rfc: "9586", proof: []string{"RFC 9586"}},
	{name: "UIDPLUS", rfc: "4315", proof: []string{"RFC 4315"}},
	{name: "UNAUTHENTICATE", rfc: "8437", proof: []string{"RFC 8437"}},
	{name: "UNSELECT", rfc: "3691", proof: []string{"RFC 3691", "RFC 9051 §6.4.2"}},
	{name: "URL-PARTIAL", rfc: "5550", proof: []string{"RFC 5550"}},
	{name: "URLAUTH", rfc: "4467", proof: []string{"RFC 4467"}},
	{name: "URLAUTH=BINARY", rfc: "5524", proof: []string{"RFC 5524"}},
	{name: "UTF8=ACCEPT", rfc: "9755", proof: []string{"RFC 9755"}},
	{name: "UTF8=ALL", rfc: "5738", state: obsolete},
	{name: "UTF8=APPEND", rfc: "5738", state: obsolete},
	{name: "UTF8=ONLY", rfc: "9755", proof: []string{"RFC 9755"}},
	{name: "UTF8=USER", rfc: "5738", state: obsolete},
	{name: "WITHIN", rfc: "5032", proof: []string{"RFC 5032"}},
}
