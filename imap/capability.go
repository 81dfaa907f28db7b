package imap

import "strings"

// Capability is the name of something a server can do (RFC 9051 §6.1.1).
// Capabilities compare without regard to case.
type Capability string

// Capabilities that are words of their own. AUTH= and the like are made by
// joining a prefix and a value.
const (
	CapIMAP4rev1        Capability = "IMAP4rev1"
	CapIMAP4rev2        Capability = "IMAP4rev2"
	CapStartTLS         Capability = "STARTTLS"
	CapLoginDisabled    Capability = "LOGINDISABLED"
	CapSASLIR           Capability = "SASL-IR"
	CapEnable           Capability = "ENABLE"
	CapIdle             Capability = "IDLE"
	CapID               Capability = "ID"
	CapNamespace        Capability = "NAMESPACE"
	CapUnselect         Capability = "UNSELECT"
	CapUIDPlus          Capability = "UIDPLUS"
	CapMove             Capability = "MOVE"
	CapChildren         Capability = "CHILDREN"
	CapListExtended     Capability = "LIST-EXTENDED"
	CapListStatus       Capability = "LIST-STATUS"
	CapSpecialUse       Capability = "SPECIAL-USE"
	CapCreateSpecialUse Capability = "CREATE-SPECIAL-USE"
	CapESearch          Capability = "ESEARCH"
	CapSearchRes        Capability = "SEARCHRES"
	CapWithin           Capability = "WITHIN"
	CapSaveDate         Capability = "SAVEDATE"
	CapPartial          Capability = "PARTIAL"
	CapBinary           Capability = "BINARY"
	CapStatusSize       Capability = "STATUS=SIZE"
	CapLiteralPlus      Capability = "LITERAL+"
	CapLiteralMinus     Capability = "LITERAL-"
	CapCondStore        Capability = "CONDSTORE"
	CapQResync          Capability = "QRESYNC"
	CapUTF8Accept       Capability = "UTF8=ACCEPT"
	CapUTF8Only         Capability = "UTF8=ONLY"
	CapMultiAppend      Capability = "MULTIAPPEND"
	CapReplace          Capability = "REPLACE"
	CapInProgress       Capability = "INPROGRESS"
	CapUnauthenticate   Capability = "UNAUTHENTICATE"
	CapUIDBatches       Capability = "UIDBATCHES"
	CapCompressDeflate  Capability = "COMPRESS=DEFLATE"
	CapObjectID         Capability = "OBJECTID"
	CapPreview          Capability = "PREVIEW"
	CapAppendLimit      Capability = "APPENDLIMIT"
)

// CapCatenate says that APPEND and REPLACE take messages in parts (RFC 4469 §2).
const CapCatenate Capability = "CATENATE"

// CapURLPartial says that URLs may name a run of octets (RFC 5550 §5.7.1).
const CapURLPartial Capability = "URL-PARTIAL"

// CapAuthPrefix precedes the name of a SASL mechanism.
const CapAuthPrefix = "AUTH="

// CapAuth returns the capability of a SASL mechanism, such as AUTH=PLAIN.
func CapAuth(mechanism string) Capability { return Capability(CapAuthPrefix + mechanism) }

// Equal compares two capabilities without regard to case.
func (c Capability) Equal(other Capability) bool {
	return strings.EqualFold(string(c), string(other))
}
