package imap

// ConvertKind tells what one item of a CONVERT asks for (RFC 5259 §6).
type ConvertKind uint8

// The items of CONVERT.
const (
	ConvertUID        ConvertKind = iota + 1
	ConvertStructure              // BODYPARTSTRUCTURE[…]: the structure of the converted part
	ConvertBinary                 // BINARY[…]: the converted part
	ConvertBinarySize             // BINARY.SIZE[…]: its size in octets
	ConvertHeader                 // BODY[….HEADER] and BODY[….MIME]: a header in another charset
	ConvertAvailable              // AVAILABLECONVERSIONS[…]: what the part can be converted to
	convertKindEnd
)

var convertKindNames = [convertKindEnd]string{
	ConvertUID:        "UID",
	ConvertStructure:  "BODYPARTSTRUCTURE",
	ConvertBinary:     "BINARY",
	ConvertBinarySize: "BINARY.SIZE",
	ConvertHeader:     "BODY",
	ConvertAvailable:  "AVAILABLECONVERSIONS",
}

// ConvertKinds calls yield with every kind there is.
func ConvertKinds(yield func(ConvertKind) bool) {
	for k := ConvertUID; k < convertKindEnd && yield(k); k++ {
	}
}

// String returns the item's word without its section.
func (k ConvertKind) String() string {
	if k < convertKindEnd {
		return convertKindNames[k]
	}
	return ""
}

// ConvertItem is one item of a CONVERT. Every kind but ConvertUID has a section:
// a part path alone, an empty one being the whole message, or, for ConvertHeader,
// one whose text is SectionHeader or SectionMIME. Partial has a meaning only for
// ConvertBinary, and counts octets of the converted part.
type ConvertItem struct {
	Kind    ConvertKind
	Section Section
	Partial Partial
}

// ConvertRequest is the argument of CONVERT and UID CONVERT (RFC 5259 §6).
type ConvertRequest struct {
	Messages MessageSet
	// Target is the media type to convert to, as the client spells it; "" is
	// the default conversion, which the server chooses.
	Target string
	// Params are the conversion parameters. Their names compare without case
	// (RFC 5259 §7).
	Params []Param
	Items  []ConvertItem
}

// ConversionsRequest is the argument of CONVERSIONS: two media types, "*", or
// "type/*" (RFC 5259 §5.1).
type ConversionsRequest struct{ From, To string }

// Conversion is one conversion that a server can do, with the names of the
// parameters that it takes (RFC 5259 §5.2).
type Conversion struct {
	From, To string
	Params   []string
}

// ConvertErrorCode says why a conversion failed (RFC 5259 §9).
type ConvertErrorCode string

// The reasons of a failed conversion.
const (
	// ConvertTempFail: it may succeed later.
	ConvertTempFail ConvertErrorCode = "TEMPFAIL"
	// ConvertBadParameters: parameters were not understood or cannot be
	// honoured; without any, that the conversion is not possible.
	ConvertBadParameters ConvertErrorCode = "BADPARAMETERS"
	// ConvertMissingParameters: parameters are required.
	ConvertMissingParameters ConvertErrorCode = "MISSINGPARAMETERS"
)

// ConvertErrorCodes lists every reason.
var ConvertErrorCodes = [...]ConvertErrorCode{ConvertTempFail, ConvertBadParameters, ConvertMissingParameters}

// ConvertError stands in place of what could not be converted (RFC 5259 §10,
// converterror-phrase).
type ConvertError struct {
	Text string // for people
	Code ConvertErrorCode
	// Minutes is how long to wait before it is tried again; 0, if the server
	// does not say. It comes with ConvertTempFail.
	Minutes uint32
	// Conversions are those that failed, at least one, but with ConvertTempFail.
	Conversions []FailedConversion
}

// FailedConversion names a conversion that failed and what of its parameters is
// at fault. A missing parameter has a name and no value.
type FailedConversion struct {
	From   string // "": the body part does not exist
	To     string
	Params []Param
}

// ConvertedValue is one item of a CONVERTED response. Item.Kind says which of the
// other fields has a meaning, unless Error is set.
type ConvertedValue struct {
	// Item is what is answered. Of its Partial only the offset comes back,
	// and HasOrigin tells that it came.
	Item      ConvertItem
	HasOrigin bool

	Number        uint64         // ConvertUID, ConvertBinarySize
	Content       []byte         // ConvertBinary, ConvertHeader; nil if it was NIL
	BodyStructure *BodyStructure // ConvertStructure
	Types         []string       // ConvertAvailable
	Error         *ConvertError
}

type (
	// ConversionResponse is CONVERSION (RFC 5259 §5.2).
	ConversionResponse struct{ Conversion Conversion }
	// ConvertedResponse is CONVERTED (RFC 5259 §8.1). Number is the message's
	// sequence number; after ENABLE UIDONLY it is its UID.
	ConvertedResponse struct {
		Number uint32
		Tag    string // of the command
		Values []ConvertedValue
	}
	// CodeMaxConvertMessages gives how many messages one CONVERT may name
	// (RFC 5259 §9).
	CodeMaxConvertMessages struct{ Max uint32 }
	// CodeMaxConvertParts gives how many body parts of a message one CONVERT
	// may name (RFC 5259 §9).
	CodeMaxConvertParts struct{ Max uint32 }
)

// CodeTempFail says that the conversion may succeed later (RFC 5259 §9).
const CodeTempFail CodeWord = "TEMPFAIL"

// CapConvert is RFC 5259.
const CapConvert Capability = "CONVERT"

// Name returns "MAXCONVERTMESSAGES".
func (CodeMaxConvertMessages) Name() string { return "MAXCONVERTMESSAGES" }

// Name returns "MAXCONVERTPARTS".
func (CodeMaxConvertParts) Name() string { return "MAXCONVERTPARTS" }

func (CodeMaxConvertMessages) code() {}
func (CodeMaxConvertParts) code()    {}
func (ConversionResponse) response() {}
func (ConvertedResponse) response()  {}

// CheckMediaType reports whether the text is type/subtype (RFC 4288 §4.2, as
// RFC 5259 §10 names it).
func CheckMediaType(text string) bool {
	slash := -1
	for i := 0; i < len(text); i++ {
		if text[i] == '/' && slash < 0 {
			slash = i
			continue
		}
		if !isMediaNameChar(text[i]) {
			return false
		}
	}
	const nameMax = 127
	return slash > 0 && slash <= nameMax && slash < len(text)-1 && len(text)-slash-1 <= nameMax
}

func isMediaNameChar(c byte) bool {
	switch c {
	case '!', '#', '$', '&', '.', '+', '-', '^', '_':
		return true
	}
	return c-'0' < 10 || c|0x20-'a' < 26
}

// CheckMediaRange reports whether the text is "*", "type/*" or type/subtype
// (RFC 5259 §10, mime-type-req).
func CheckMediaRange(text string) bool {
	if text == "*" {
		return true
	}
	if n := len(text) - 1; n > 0 && text[n] == '*' {
		return CheckMediaType(text[:n] + "x")
	}
	return CheckMediaType(text)
}
