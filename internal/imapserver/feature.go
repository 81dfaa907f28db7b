package imapserver

import (
	"strconv"

	"github.com/restante/restante/imap"
)

// feature is a thing the server can do: what it is called in CAPABILITY, when
// it is offered, and whether ENABLE turns it on.
type feature struct {
	name    imap.Capability
	offered func(*session) bool // nil: always
	enable  bool
}

// features are in the order in which CAPABILITY lists them. Those that are
// part of IMAP4rev2 are named too, for clients that do not enable it
// (RFC 9051 Appendix A).
var features = []feature{
	{name: imap.CapIMAP4rev1},
	{name: imap.CapIMAP4rev2, enable: true},
	{name: imap.CapStartTLS, offered: (*session).offersStartTLS},
	{name: imap.CapLoginDisabled, offered: (*session).loginDisabled},
	{name: imap.CapSASLIR},
	{name: imap.CapLiteralPlus, offered: (*session).offersLiteralPlus},
	{name: imap.CapLiteralMinus, offered: (*session).offersLiteralMinus},
	{name: imap.CapEnable},
	{name: imap.CapID},
	{name: imap.CapIdle},
	{name: imap.CapNamespace},
	{name: imap.CapUnselect},
	{name: imap.CapUIDPlus},
	{name: imap.CapMove},
	{name: imap.CapChildren},
	{name: imap.CapListExtended},
	{name: imap.CapListStatus},
	{name: imap.CapSpecialUse},
	{name: imap.CapCreateSpecialUse},
	{name: imap.CapACL},
	{name: imap.CapRights},
	{name: imap.CapListMyRights},
	{name: imap.CapESearch},
	{name: imap.CapSearchRes},
	{name: imap.CapSort},
	{name: imap.CapSortDisplay},
	{name: imap.CapESort},
	{name: imap.CapThreadOrderedSubject},
	{name: imap.CapThreadReferences},
	{name: imap.CapSearchFuzzy},
	{name: imap.CapMultiSearch},
	{name: imap.CapContextSearch},
	{name: imap.CapContextSort},
	{name: imap.CapLanguage},
	{name: imap.CapI18NLevel1},
	{name: imap.CapI18NLevel2},
	{name: imap.CapWithin},
	{name: imap.CapSaveDate},
	{name: imap.CapPartial},
	{name: imap.CapBinary},
	{name: imap.CapStatusSize},
	{name: imap.CapMultiAppend},
	{name: imap.CapReplace},
	{name: imap.CapCatenate},
	{name: imap.CapURLPartial},
	{name: imap.CapURLAuth},
	{name: imap.CapURLAuthBinary},
	{name: imap.CapInProgress},
	{name: imap.CapNotify},
	{name: imap.CapLoginReferrals},
	{name: imap.CapMailboxReferrals},
	{name: imap.CapUnauthenticate, offered: (*session).isLoggedIn},
	{name: imap.CapUIDBatches},
	{name: imap.CapCompressDeflate, offered: (*session).offersCompression},
	{name: imap.CapObjectID},
	{name: imap.CapPreview},
	{name: imap.CapQuota},
	{name: imap.CapQuotaStorage},
	{name: imap.CapQuotaMessage},
	{name: imap.CapQuotaMailbox},
	{name: imap.CapQuotaAnnotationStorage},
	{name: imap.CapQuotaSet, offered: (*session).administers},
	{name: imap.CapConvert},
	{name: imap.CapMetadata, enable: true},
	{name: imap.CapMetadataServer, enable: true},
	{name: imap.CapListMetadata},
	{name: imap.CapFilters},
	{name: imap.CapAnnotate},
	{name: imap.CapCondStore, enable: true},
	{name: imap.CapQResync, enable: true},
	{name: imap.CapUTF8Accept, enable: true, offered: (*session).offersUTF8Accept},
	{name: imap.CapUTF8Only, offered: (*session).offersUTF8Only},
	{name: imap.CapUIDOnly, enable: true},
}

// capabilities returns what the session is offered now.
func (s *session) capabilities() []imap.Capability {
	var names []imap.Capability
	for _, f := range features {
		if f.offered == nil || f.offered(s) {
			names = append(names, f.name)
		}
	}
	names = append(names, s.appendLimitCapability())
	if limit := s.server.options.Limits.limitCapability(); limit != "" {
		names = append(names, limit)
	}
	if s.state == notAuthenticated {
		for _, mechanism := range s.server.options.Auth.Mechanisms(s.authEnv()) {
			names = append(names, imap.CapAuth(mechanism))
		}
	}
	return names
}

// appendLimitCapability tells the limit of all mailboxes, or that each has its
// own (RFC 7889 §2).
func (s *session) appendLimitCapability() imap.Capability {
	if s.server.hasAppendLimits() {
		return imap.CapAppendLimit
	}
	return imap.CapAppendLimit + imap.Capability("="+strconv.FormatInt(s.server.options.Limits.LiteralMax, 10))
}

func (s *session) offersStartTLS() bool {
	return s.state == notAuthenticated && s.conn.tlsState() == nil && s.server.options.TLS != nil
}

// offersLiteralPlus and offersLiteralMinus: one of the two is offered, never both
// (RFC 7888 §5).
func (s *session) offersLiteralPlus() bool { return !s.server.options.LiteralMinus }

func (s *session) offersLiteralMinus() bool { return s.server.options.LiteralMinus }

// loginDisabled reports whether passwords would travel in clear text
// (RFC 9051 §7.2.2).
func (s *session) loginDisabled() bool {
	return s.state == notAuthenticated && !s.plainTextAllowed()
}
