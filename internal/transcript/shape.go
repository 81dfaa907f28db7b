package transcript

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A line that no response can meet is a mistake that nobody sees: what must not come
// never comes then. So the shape of each line is checked when its case is loaded.

// shapes say what may follow the name of a response, and whether its number stands
// before. Responses that are not listed do not exist.
var shapes = map[string]struct {
	number bool
	check  func([]pattern) error
}{
	"EXISTS": {true, nothing}, "RECENT": {true, nothing}, "EXPUNGE": {true, nothing},
	"FETCH": {true, fetchShape}, "UIDFETCH": {true, fetchShape}, "CONVERTED": {true, convertedShape},
	"FLAGS": {false, flagsShape}, "CAPABILITY": {false, bagShape}, "ENABLED": {false, bagShape},
	"LIST": {false, listShape}, "LSUB": {false, listShape}, "STATUS": {false, statusShape}, "SEARCH": {false, bagShape}, "ESEARCH": {false, esearchShape},
	"QUOTA": {false, quotaShape}, "QUOTAROOT": {false, atLeast(1)}, "ACL": {false, aclShape}, "MYRIGHTS": {false, exactly(2)}, "LISTRIGHTS": {false, atLeast(3)},
	"METADATA": {false, metadataShape}, "URLFETCH": {false, atLeast(2)}, "GENURLAUTH": {false, atLeast(1)},
	"VANISHED": {false, atLeast(1)}, "SORT": {false, atLeast(0)}, "THREAD": {false, atLeast(0)}, "NAMESPACE": {false, exactly(3)}, "ID": {false, exactly(1)},
	"CONVERSION": {false, atLeast(1)}, "LANGUAGE": {false, atLeast(1)}, "COMPARATOR": {false, atLeast(1)}, "UIDBATCHES": {false, atLeast(1)},
	"BYE": {}, "PREAUTH": {},
}

// withoutRest are the responses behind which "<rest>" alone does not stand.
var withoutRest = []string{"EXISTS", "RECENT", "EXPUNGE", "FLAGS"}

// checkShape refuses a line that no response can meet.
func (e *expectedResponse) checkShape() error {
	if e.tag == "+" {
		return checkItems(e.args, false)
	}
	if e.statuses != nil {
		return e.checkCode()
	}
	shape, known := shapes[e.name]
	switch {
	case !known:
		return fmt.Errorf("there is no response %s", e.name)
	case shape.number && e.number == nil:
		return fmt.Errorf("%s has a number before it", e.name)
	case !shape.number && e.number != nil:
		return fmt.Errorf("%s has no number before it", e.name)
	}
	if e.number != nil {
		if err := checkItems([]pattern{*e.number}, false); err != nil {
			return err
		}
	}
	if len(e.args) == 1 && e.args[0].op == "rest" && !slices.Contains(withoutRest, e.name) {
		return nil // whatever follows it
	}
	if err := shape.check(e.args); err != nil {
		return fmt.Errorf("%s: %w", e.name, err)
	}
	return nil
}

// isList reports whether a pattern can be met by a list.
func (p pattern) isList() bool { return p.op == "list" || p.op == "any-list" || p.whatever() }

func nothing(args []pattern) error {
	if len(args) > 0 {
		return fmt.Errorf("nothing follows it")
	}
	return nil
}

// atLeast and exactly are responses whose items stand in order.
func atLeast(n int) func([]pattern) error {
	return func(args []pattern) error {
		if fixed, rest := cutRest(args); len(fixed) < n && !rest {
			return fmt.Errorf("at least %d items follow it", n)
		}
		return checkItems(args, false)
	}
}

func exactly(n int) func([]pattern) error {
	return func(args []pattern) error {
		if fixed, rest := cutRest(args); len(fixed) > n || len(fixed) < n && !rest {
			return fmt.Errorf("%d items follow it", n)
		}
		return checkItems(args, false)
	}
}

func bagShape(args []pattern) error { return checkItems(args, true) }

func fetchShape(args []pattern) error {
	if len(args) != 1 || !args[0].isList() {
		return fmt.Errorf("it is followed by one list")
	}
	return pairShape(args[0].list, fetchItemShape)
}

// fetchItemShape checks the value of an item of FETCH.
func fetchItemShape(name string, value pattern) error {
	switch {
	case value.op != "list":
		return checkItem(value)
	case name == "ANNOTATION":
		return annotationShape(value.list)
	case name == "FLAGS":
		return checkItems(value.list, true)
	}
	return checkItems([]pattern{value}, false)
}

// annotationShape checks entries with their attributes, or the names of entries.
func annotationShape(list []pattern) error {
	if len(list) < 2 || list[1].op == "is" && !list[0].not {
		return checkItems(list, true)
	}
	return pairShape(list, func(_ string, value pattern) error {
		if value.op != "list" {
			return checkItem(value)
		}
		return pairShape(value.list, anyItem)
	})
}

func flagsShape(args []pattern) error {
	if len(args) != 1 || args[0].op != "list" && args[0].op != "any" && args[0].op != "any-list" {
		return fmt.Errorf("it is followed by one list")
	}
	return checkItems(args[0].list, true)
}

func listShape(args []pattern) error {
	fixed, _ := cutRest(args)
	if len(fixed) < 3 || len(fixed) > 4 || fixed[0].op != "list" && fixed[0].op != "any" {
		return fmt.Errorf("a list of attributes, the separator, a name, and perhaps a list of more follow it")
	}
	if err := checkItems(fixed[0].list, true); err != nil {
		return err
	}
	if len(fixed) == 4 {
		if fixed[3].op != "list" {
			return checkItem(fixed[3])
		}
		if err := pairShape(fixed[3].list, anyItem); err != nil {
			return err
		}
	}
	return checkItems(fixed[1:3], false)
}

func statusShape(args []pattern) error {
	if len(args) != 2 || !args[1].isList() {
		return fmt.Errorf("a name and one list follow it")
	}
	if err := checkItem(args[0]); err != nil {
		return err
	}
	return pairShape(args[1].list, anyItem)
}

func esearchShape(args []pattern) error {
	if len(args) > 0 && args[0].op == "list" {
		if err := checkItems(args[0].list, false); err != nil {
			return err
		}
		args = args[1:]
	}
	if len(args) > 0 && strings.EqualFold(args[0].text, "UID") && !args[0].not {
		args = args[1:]
	}
	return pairShape(args, anyItem)
}

func quotaShape(args []pattern) error {
	if len(args) != 2 || !args[1].isList() {
		return fmt.Errorf("a root and a list of resources follow it")
	}
	for names := args[1].list; len(names) > 0; {
		if names[0].op != "is" || !names[0].not && len(names) < 3 {
			return fmt.Errorf("a resource has a name, a usage and a limit")
		}
		if names[0].not {
			names = names[1:]
			continue
		}
		names = names[3:]
	}
	return checkItem(args[0])
}

func aclShape(args []pattern) error {
	args, rest := cutRest(args)
	if len(args)%2 != 1 && (!rest || len(args) > 0) {
		return fmt.Errorf("a name and pairs of identifier and rights follow it")
	}
	return checkItems(args, false)
}

func metadataShape(args []pattern) error {
	if len(args) < 2 {
		return fmt.Errorf("a name and entries follow it")
	}
	if args[1].op == "list" {
		if len(args) > 2 {
			return fmt.Errorf("one list of values follows the name")
		}
		return pairShape(args[1].list, anyItem)
	}
	return checkItems(args, true)
}

func convertedShape(args []pattern) error {
	if len(args) != 2 || !args[1].isList() {
		return fmt.Errorf("the tag and one list follow it")
	}
	return pairShape(args[1].list, anyItem)
}

func anyItem(_ string, value pattern) error {
	return checkItems([]pattern{value}, false)
}

// pairShape checks names and values: names are written out, "!NAME" has no value, and
// "<rest>" may stand at the end, for the last value or for more that may come anyway.
func pairShape(list []pattern, value func(string, pattern) error) error {
	list, rest := cutRest(list)
	for i := 0; i < len(list); i++ {
		name := list[i]
		if name.op != "is" && name.op != "i" { // names know no case anyway
			return fmt.Errorf("the name of an item is due, not %s", name)
		}
		if name.not {
			continue
		}
		if i++; i == len(list) && rest {
			return nil
		}
		if i == len(list) {
			return fmt.Errorf("%s has no value", name.text)
		}
		if list[i].not || list[i].op == "rest" {
			return fmt.Errorf("the value of %s is due, not %s", name.text, list[i])
		}
		if err := value(strings.ToUpper(name.text), list[i]); err != nil {
			return fmt.Errorf("%s: %w", name.text, err)
		}
	}
	return nil
}

// checkItems checks a list of items; bag says that they are compared without order,
// among which "!item" makes sense.
func checkItems(items []pattern, bag bool) error {
	for i, p := range items {
		switch {
		case p.op == "rest" && i < len(items)-1:
			return fmt.Errorf("nothing may follow <rest>")
		case p.op == "rest":
			continue
		case p.not && !bag:
			return fmt.Errorf("!%s has no meaning in a list that is compared in order", p)
		}
		if err := checkItem(p); err != nil {
			return err
		}
	}
	return nil
}

// checkItem checks one item, and those within it.
func checkItem(p pattern) error {
	switch p.op {
	case "list":
		return checkItems(p.list, p.mode == anyOrder || p.mode == containing)
	case "rest":
		return fmt.Errorf("<rest> stands for what is left of a list, not for one item")
	case "gt", "ge", "lt", "le", "size":
		if !isNumber(p.text) {
			return fmt.Errorf("<%s %s> needs a number", p.op, p.text)
		}
	case "re":
		if _, err := regexp.Compile("(?s)^(?:" + p.text + ")$"); err != nil {
			return err
		}
	case "covers", "within":
		if _, err := parseSet(p.text); err != nil {
			return fmt.Errorf("<%s %s>: %w", p.op, p.text, err)
		}
	}
	return nil
}

// codesWithItems are the response codes that always tell something, codesAlone those
// that never do (RFC 9051 §7.1 and its companions).
var (
	codesWithItems = []string{
		"ANNOTATE", "ANNOTATIONS", "APPENDUID", "BADEVENT", "BADURL", "CAPABILITY", "COPYUID", "HIGHESTMODSEQ", "MAILBOXID", "MESSAGELIMIT",
		"METADATA", "MODIFIED", "NOUPDATE", "PERMANENTFLAGS", "REFERRAL", "TEMPFAIL", "UIDNEXT", "UIDVALIDITY", "UNDEFINED-FILTER", "UNSEEN",
	}
	codesAlone = []string{
		"ALERT", "ALREADYEXISTS", "AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "BADCOMPARATOR", "CANNOT", "CLIENTBUG", "CLOSED", "COMPRESSIONACTIVE", "CONTACTADMIN", "CORRUPTION", "EXPIRED",
		"EXPUNGEISSUED", "HASCHILDREN", "INUSE", "LIMIT", "NOMODSEQ", "NONEXISTENT", "NOPERM", "NOTIFICATIONOVERFLOW", "NOTSAVED", "OVERQUOTA", "PARSE", "PRIVACYREQUIRED",
		"READ-ONLY", "READ-WRITE", "SERVERBUG", "TOOBIG", "TRYCREATE", "UIDNOTSTICKY", "UIDREQUIRED", "UNAVAILABLE", "UNKNOWN-CTE", "USEATTR",
	}
)

// checkCode checks what stands in brackets.
func (e *expectedResponse) checkCode() error {
	if len(e.code) == 0 {
		return nil
	}
	name, items := strings.ToUpper(e.code[0].text), e.code[1:]
	switch {
	case e.code[0].op != "is":
		return checkItem(e.code[0])
	case len(items) == 0 && slices.Contains(codesWithItems, name):
		return fmt.Errorf("[%s] always tells something: write [%s <rest>]", name, name)
	case len(items) > 0 && slices.Contains(codesAlone, name):
		return fmt.Errorf("nothing follows %s in its brackets", name)
	case name == "PERMANENTFLAGS" && items[0].op == "list":
		return checkItems(items[0].list, true)
	}
	return checkItems(items, name == "CAPABILITY")
}
