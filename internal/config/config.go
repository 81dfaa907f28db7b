package config

import "time"

// Config is everything that can be configured. The doc tags are the reference:
// they are printed by "restante config" and make up docs/configuration.md.
type Config struct {
	Data   string `toml:"data" doc:"Directory of the store."`
	Server Server `toml:"server" doc:"The host, and what it listens on."`
	TLS    TLS    `toml:"tls" doc:"Certificates. They are read again on SIGHUP, and by themselves when a file changes."`
	Mail   Mail   `toml:"mail" doc:"Domains and delivery."`
	Store  Store  `toml:"store" doc:"The store on the disk."`
	Quota  Quota  `toml:"quota" doc:"What accounts may use that have no limits of their own (restante account quota)."`
	Auth   Auth   `toml:"auth" doc:"Logins and password hashes."`
	OAuth  OAuth  `toml:"oauth" doc:"Logins with access tokens: OAUTHBEARER and XOAUTH2, under TLS or from this machine. Without issuer and introspection they are not offered."`
	IMAP   IMAP   `toml:"imap" doc:"Limits of IMAP sessions."`
	POP3   POP3   `toml:"pop3" doc:"Limits of POP3 sessions."`
	SMTP   SMTP   `toml:"smtp" doc:"Limits of SMTP and LMTP sessions."`
	Log    Log    `toml:"log" doc:"Logs."`
}

// Server is the host and its listeners.
type Server struct {
	Hostname     string   `toml:"hostname" doc:"Name of the host in greetings and trace fields. Empty is the system's name."`
	IMAP         []string `toml:"imap" doc:"Addresses for IMAP in clear text, with STARTTLS."`
	IMAPS        []string `toml:"imaps" doc:"Addresses for IMAP over TLS."`
	POP3         []string `toml:"pop3" doc:"Addresses for POP3 in clear text, with STLS."`
	POP3S        []string `toml:"pop3s" doc:"Addresses for POP3 over TLS."`
	LMTP         []string `toml:"lmtp" doc:"Addresses for LMTP. Whoever can connect can deliver: keep them off the open network."`
	SMTP         []string `toml:"smtp" doc:"Addresses for SMTP reception for the server's own domains, with STARTTLS."`
	HTTP         []string `toml:"http" doc:"Addresses for /metrics and /healthz. Keep them off the open network."`
	DrainTimeout Duration `toml:"drain_timeout" doc:"How long a shutdown waits for sessions to finish what they do."`
	MemoryLimit  Size     `toml:"memory_limit" doc:"Memory beyond which garbage is collected eagerly; not a hard limit. 0 chooses by what is in use: 64MiB, or twice that."`
}

// TLS is where certificates come from.
type TLS struct {
	MinVersion   string        `toml:"min_version" doc:"Oldest version of TLS that is spoken: 1.2 or 1.3."`
	ClientCA     string        `toml:"client_ca" doc:"PEM file with the authorities of clients' certificates. IMAP and POP3 clients are then asked for one, and those that have one can log in with EXTERNAL. Empty asks nobody."`
	ClientNames  string        `toml:"client_names" doc:"What in a client's certificate names its account: email, the addresses among its alternative names, or cn, the common name of its subject."`
	Certificates []Certificate `toml:"certificate" doc:"Certificates, as [[tls.certificate]] tables. The first serves clients that ask for no name or an unknown one. Without any, a self-signed one is made and kept in the store's directory."`
}

// Certificate is one certificate and its key, in files.
type Certificate struct {
	Certificate string `toml:"file" doc:"PEM file with the certificate and those that lead to its authority."`
	Key         string `toml:"key" doc:"PEM file with the private key."`
}

// Mail is domains and delivery.
type Mail struct {
	Domain             string   `toml:"domain" doc:"Default domain: login names and addresses without a domain are in it. Empty is what the directory has, or localhost."`
	Domains            []string `toml:"domains" doc:"Further domains to receive mail for, beside those added with restante domain add."`
	MessageMax         Size     `toml:"message_max" doc:"Largest message that is delivered or appended."`
	AttachmentKeywords bool     `toml:"attachment_keywords" doc:"Mark what is delivered with $hasattachment or $hasnoattachment (RFC 9979), so that clients show a paper clip without reading. Without it new mail carries no keyword."`
}

// Store is the store on the disk.
type Store struct {
	KeepRemoved  Duration `toml:"keep_removed" doc:"How long a removed message and the news of its removal are kept for clients that were not told."`
	SegmentSize  Size     `toml:"segment_size" doc:"Size of a journal file after which a new one is begun."`
	Reserve      Size     `toml:"reserve" doc:"Space left free on the file system; what would need it is refused for now."`
	UIDCache     Size     `toml:"uid_cache" doc:"Memory for the UIDs of mailboxes in use."`
	MailboxesMax int      `toml:"mailboxes_max" doc:"Mailboxes of one account."`
}

// Quota is what each account may use.
type Quota struct {
	Storage           Size   `toml:"storage" doc:"Octets of all messages. 0 is no limit."`
	Messages          int    `toml:"messages" doc:"Messages. 0 is no limit."`
	Mailboxes         int    `toml:"mailboxes" doc:"Mailboxes. 0 is no limit but store.mailboxes_max."`
	AnnotationStorage Size   `toml:"annotation_storage" doc:"Octets of all annotations. 0 is no limit."`
	Delivery          string `toml:"delivery" doc:"What a sender is told when an account is full: defer (452 4.2.2, to try again; RFC 3463 takes a full mailbox for a transient failure, and its owner can make room) or reject (552 5.2.2, at once and for good)."`
}

// Auth is logins.
type Auth struct {
	ClearTextLogins       bool     `toml:"clear_text_logins" doc:"Take passwords without TLS from anywhere, and not only from this machine."`
	TLSAlways             bool     `toml:"tls_always" doc:"Take no passwords without TLS, not even from this machine: where a relay or a container makes everybody look local. clear_text_logins goes before it."`
	ArgonMemory           Size     `toml:"argon_memory" doc:"Memory of one Argon2id password hash. New passwords get it; old ones keep theirs."`
	ArgonPasses           int      `toml:"argon_passes" doc:"Passes of one Argon2id password hash."`
	ArgonLanes            int      `toml:"argon_lanes" doc:"Lanes of one Argon2id password hash."`
	ArgonAtOnce           int      `toml:"argon_at_once" doc:"Hashes computed at the same time; each takes argon_memory."`
	ArgonQueueMax         int      `toml:"argon_queue_max" doc:"Logins from one address that wait for a hash; addresses take turns."`
	ScramIterations       int      `toml:"scram_iterations" doc:"PBKDF2 iterations of new SCRAM keys. Clients pay for them too."`
	ScramSHA1             bool     `toml:"scram_sha1" doc:"Offer SCRAM-SHA-1 and its PLUS form, for clients without SCRAM-SHA-256. It needs keys that are easier to guess from if they are stolen; an account has them from its next password change, or its next login with the password itself."`
	RememberFor           Duration `toml:"remember_for" doc:"How long after its last use a verified password is remembered in memory, so that a reconnect costs no hash."`
	RememberMax           Duration `toml:"remember_max" doc:"How long a verified password is remembered however often it is used."`
	DelayFirst            Duration `toml:"delay_first" doc:"Delay after the second wrong password in a row for one account from one address; it doubles with each further one."`
	DelayMax              Duration `toml:"delay_max" doc:"Largest delay after wrong passwords."`
	DelayWaitMax          Duration `toml:"delay_wait_max" doc:"Longest wait of an attempt for its turn after wrong passwords; what would wait longer is refused."`
	DelayForget           Duration `toml:"delay_forget" doc:"How long after the last wrong password the delay is forgotten."`
	Anonymous             string   `toml:"anonymous" doc:"Login name of the account that everybody may read with the mechanism ANONYMOUS. Nobody can change anything in it that way. Empty offers no ANONYMOUS."`
	SessionsPerAccount    int      `toml:"sessions_per_account" doc:"Open sessions of one account. Phones open many."`
	ConnectionsPerAddress int      `toml:"connections_per_address" doc:"Open connections from one address. Offices share one."`
}

// OAuth is whose access tokens are taken.
type OAuth struct {
	Issuer        string   `toml:"issuer" doc:"URL of the issuer, under which /.well-known/openid-configuration is. Tokens are JWTs that it signed with a key of its own, unless introspection is set."`
	Audience      string   `toml:"audience" doc:"Whom a token must be meant for (aud). Required, but for introspection."`
	Claim         string   `toml:"claim" doc:"What in a token is the login name. An email that the token says is not verified is not taken."`
	Scope         string   `toml:"scope" doc:"Scopes that a token must have, divided by spaces."`
	Introspection string   `toml:"introspection" doc:"URL where the issuer is asked about each token (RFC 7662), which then may be of any form. A good answer is remembered for a minute."`
	ClientID      string   `toml:"client_id" doc:"Name of this server at the introspection URL."`
	ClientSecret  string   `toml:"client_secret" doc:"Its secret there."`
	Hosts         []string `toml:"hosts" doc:"Names under which clients know this server. If there are any, a client of OAUTHBEARER that says another is refused."`
}

// IMAP is the limits of IMAP sessions.
type IMAP struct {
	Admin              string   `toml:"admin" doc:"How users reach the administrator: a URI such as mailto:postmaster@example.org, which clients read as /shared/admin (RFC 5464)."`
	LineMax            Size     `toml:"line_max" doc:"Longest command line, without its literals."`
	LiteralMinus       bool     `toml:"literal_minus" doc:"Offer LITERAL- in place of LITERAL+: a client asks before it sends a literal of more than 4096 octets."`
	LiteralMax         Size     `toml:"literal_max" doc:"Largest literal: with mail.message_max, whichever is smaller, the largest message that APPEND takes."`
	LiteralEarlyMax    Size     `toml:"literal_early_max" doc:"Largest literal before a client has logged in."`
	ArgumentsMax       Size     `toml:"arguments_max" doc:"All literals of one command that is not APPEND, together."`
	LiteralsMax        int      `toml:"literals_max" doc:"Literals of one command."`
	DepthMax           int      `toml:"depth_max" doc:"Nesting of search keys, lists and parts in one command."`
	RangesMax          int      `toml:"ranges_max" doc:"Ranges of one sequence set."`
	ItemsMax           int      `toml:"items_max" doc:"Members of one list in a command: FETCH items, flags, search keys."`
	AppendLimits       Sizes    `toml:"append_limits" doc:"Largest messages that APPEND puts into certain mailboxes and those below them, by name, as in { Trash = \"0B\", Archive = \"10MiB\" }. Others take what literal_max says."`
	URLAccess          Logins   `toml:"url_access" doc:"Logins of the servers that may use URLs made for an application, by its name, as in { submit = [\"submission\"], stream = [\"media\"] }."`
	URLMechNeedsTLS    bool     `toml:"url_mech_needs_tls" doc:"Tell how URLs are authorized only under TLS."`
	AppendMessagesMax  int      `toml:"append_messages_max" doc:"Messages that one APPEND may bring."`
	ConvertMessagesMax int      `toml:"convert_messages_max" doc:"Messages that one CONVERT may name."`
	ConvertPartsMax    int      `toml:"convert_parts_max" doc:"Body parts of a message that one CONVERT may name."`
	ConvertText        string   `toml:"convert_text" doc:"What CONVERT makes of a text when the client leaves the choice to the server, where that is possible: text/plain, or text/html."`
	ConvertImage       string   `toml:"convert_image" doc:"The same for images: image/jpeg, image/png, image/gif or image/webp."`
	UTF8Only           bool     `toml:"utf8_only" doc:"Advertise UTF8=ONLY: once logged in, clients must ENABLE UTF8=ACCEPT before anything that may need UTF-8."`
	EightBitHeaders    bool     `toml:"append_8bit_headers" doc:"Take messages with 8-bit header fields from clients that enabled neither UTF8=ACCEPT nor IMAP4rev2: old mail has them, and programs that copy mailboxes would fail on it. RFC 9755 §4 wants them refused, which false does."`
	MessageLimit       int      `toml:"message_limit" doc:"Messages that one SEARCH, FETCH, STORE, COPY, MOVE, UID EXPUNGE or APPEND is carried out for, advertised as MESSAGELIMIT. Clients that do not know of it lose sight of older mail; RFC 9738 asks for 1000 at least. 0 is no limit."`
	SaveLimit          int      `toml:"save_limit" doc:"The same of COPY and APPEND alone, advertised as SAVELIMIT. Without a meaning beside message_limit. 0 is no limit."`
	AuthenticationTime Duration `toml:"authentication_timeout" doc:"Time to log in."`
	IdleTime           Duration `toml:"idle_timeout" doc:"How long a client may be silent, also in IDLE. RFC 9051 asks for 30 minutes at least."`
	WriteTime          Duration `toml:"write_timeout" doc:"How long a client may take no octet of what is sent to it."`
	ProgressTime       Duration `toml:"progress_interval" doc:"How often a client is told how far a search that takes long has come. RFC 9585 recommends 10 to 15 seconds."`
	ErrorsMax          int      `toml:"errors_max" doc:"Malformed commands in a row that end a session."`
	ReferTo            string   `toml:"refer_to" doc:"URL of another server, such as imap://mail2.example.org/, to which every client is referred at once; none is served then. Empty serves them."`
	Language           string   `toml:"language" doc:"Language of texts for people that clients get which ask for the default one (LANGUAGE \"default\", RFC 5255): de, en, es, fr, ja or zh. Every session begins in plain English, and empty keeps it."`
}

// Logins are lists of login names by the names of what they are for.
type Logins map[string][]string

// Sizes are sizes by the names of what has them.
type Sizes map[string]Size

// POP3 is the limits of POP3 sessions.
type POP3 struct {
	LineMax            Size     `toml:"line_max" doc:"Longest command line. RFC 2449 asks for 255 octets at least."`
	AuthenticationTime Duration `toml:"authentication_timeout" doc:"Time to log in."`
	WriteTime          Duration `toml:"write_timeout" doc:"How long a client may take no octet of what is sent to it."`
	LoginsMax          int      `toml:"logins_max" doc:"Failed logins that end a session."`
	ErrorsMax          int      `toml:"errors_max" doc:"Failed commands in a row that end a session."`
	IdleTime           Duration `toml:"idle_timeout" doc:"How long a client may be silent. RFC 1939 asks for 10 minutes at least."`
}

// SMTP is the limits of SMTP and LMTP sessions.
type SMTP struct {
	SessionsMax           int      `toml:"sessions_max" doc:"Open sessions."`
	SessionsPerAddressMax int      `toml:"sessions_per_address_max" doc:"Open sessions from one address."`
	RecipientsMax         int      `toml:"recipients_max" doc:"Recipients of one message. RFC 5321 asks for 100 at least."`
	IdleTime              Duration `toml:"idle_timeout" doc:"How long a client may be silent. RFC 5321 asks for 5 minutes at least."`
	WriteTime             Duration `toml:"write_timeout" doc:"How long a client may take no octet of what is sent to it."`
	LineMax               Size     `toml:"line_max" doc:"Longest command line. It does not bound the lines of messages."`
	ReceivedMax           int      `toml:"received_max" doc:"Received fields of a message that runs in a circle. RFC 5321 asks for 100 at least."`
	TransactionTime       Duration `toml:"transaction_timeout" doc:"How long one message may take."`
}

// Log is logs.
type Log struct {
	Level     string `toml:"level" doc:"What is logged: debug, info, warn or error."`
	JSON      bool   `toml:"json" doc:"One JSON object a line, instead of text."`
	DebugWire string `toml:"debug_wire" doc:"Directory for raw logs of every session, with credentials cut and literals folded. Empty writes none."`
}

// Default returns the configuration that holds where a file says nothing. The
// listeners are those of a server on the usual ports.
func Default() Config {
	return Config{
		Data: "restante-data",
		Server: Server{
			IMAP: []string{":143"}, IMAPS: []string{":993"}, POP3: []string{}, POP3S: []string{},
			LMTP: []string{"127.0.0.1:24"}, SMTP: []string{":25"}, HTTP: []string{"127.0.0.1:8080"},
			DrainTimeout: Duration(30 * time.Second),
			MemoryLimit:  0,
		},
		TLS:  TLS{MinVersion: "1.2", ClientNames: "email"},
		Mail: Mail{Domains: []string{}, MessageMax: 64 << 20},
		Store: Store{
			KeepRemoved: Duration(30 * 24 * time.Hour), SegmentSize: 256 << 20, Reserve: 64 << 20,
			UIDCache: 32 << 20, MailboxesMax: 10000,
		},
		Quota: Quota{Delivery: "defer"},
		Auth: Auth{
			ArgonMemory: 19 << 20, ArgonPasses: 2, ArgonLanes: 1, ArgonAtOnce: 2, ArgonQueueMax: 1024,
			ScramIterations: 10000,
			RememberFor:     Duration(10 * time.Minute), RememberMax: Duration(12 * time.Hour),
			DelayFirst: Duration(500 * time.Millisecond), DelayMax: Duration(15 * time.Second),
			DelayWaitMax: Duration(30 * time.Second), DelayForget: Duration(15 * time.Minute), SessionsPerAccount: 1024, ConnectionsPerAddress: 4096,
		},
		OAuth: OAuth{Claim: "email", Hosts: []string{}},
		IMAP: IMAP{
			EightBitHeaders: true, LineMax: 64 << 10, LiteralMax: 64 << 20, LiteralEarlyMax: 4 << 10, ArgumentsMax: 1 << 20,
			LiteralsMax: 1000, DepthMax: 256, RangesMax: 32 << 10, ItemsMax: 16 << 10,
			AppendLimits: Sizes{}, URLAccess: Logins{}, AppendMessagesMax: 1000, AuthenticationTime: Duration(time.Minute), IdleTime: Duration(30 * time.Minute),
			ConvertMessagesMax: 50, ConvertPartsMax: 20, ConvertText: "text/plain", ConvertImage: "image/jpeg",
			WriteTime: Duration(5 * time.Minute), ProgressTime: Duration(12 * time.Second), ErrorsMax: 50,
		},
		POP3: POP3{
			LineMax: 32 << 10, AuthenticationTime: Duration(time.Minute), IdleTime: Duration(10 * time.Minute),
			WriteTime: Duration(2 * time.Minute), LoginsMax: 5, ErrorsMax: 50,
		},
		SMTP: SMTP{
			SessionsMax: 2000, SessionsPerAddressMax: 200, RecipientsMax: 1000,
			IdleTime: Duration(5 * time.Minute), WriteTime: Duration(5 * time.Minute), LineMax: 64 << 10,
			ReceivedMax: 100, TransactionTime: Duration(time.Hour),
		},
		Log: Log{Level: "info"},
	}
}
