package imapwire

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/imap"
)

// generator makes random values of the vocabulary, of every shape there is.
type generator struct{ *rand.Rand }

func (g generator) coin() bool { return g.IntN(2) == 0 }

// text returns text with everything in it that strings find hard.
func (g generator) text() string {
	pieces := []string{"a", "Z9", " ", `"`, `\`, "\r\n", "%", "*", "NIL", "{3}", "(", ")", "]", "\u00e9", "\U0001f600", "&", "&-", "\x01", "\x7f"}
	var out strings.Builder
	for range g.IntN(6) {
		out.WriteString(pieces[g.IntN(len(pieces))])
	}
	return out.String()
}

func (g generator) name() string { return imap.CanonicalMailbox(g.text()) }

func (g generator) flag() imap.Flag {
	flags := []imap.Flag{imap.FlagSeen, imap.FlagDeleted, imap.FlagForwarded, "NIL", "x!#", `\X`}
	return flags[g.IntN(len(flags))]
}

func (g generator) flags() []imap.Flag {
	flags := []imap.Flag{}
	for range g.IntN(4) {
		flags = append(flags, g.flag())
	}
	return flags
}

func setOf[N imap.Number](g generator) imap.Set[N] {
	var set imap.Set[N]
	for range 1 + g.IntN(4) {
		start := N(g.Uint32N(20))
		stop := start
		if g.coin() {
			stop = N(g.Uint32())
		}
		set = append(set, imap.Range[N]{Start: start, Stop: stop})
	}
	return set
}

func (g generator) messages(byUID bool) imap.MessageSet {
	switch {
	case g.IntN(5) == 0:
		return imap.MessageSet{ByUID: byUID, Saved: true}
	case byUID:
		return imap.MessagesByUID(setOf[imap.UID](g))
	}
	return imap.MessagesBySeq(setOf[imap.Seq](g))
}

func (g generator) section(kind imap.FetchKind) (s imap.Section) {
	for range g.IntN(4) {
		s.Part = append(s.Part, 1+g.Uint32N(9))
	}
	if kind == imap.FetchSection && g.coin() {
		s.Text = imap.SectionTexts[g.IntN(len(imap.SectionTexts))]
		if s.Text == imap.SectionMIME && s.Part == nil {
			s.Part = imap.PartPath{1}
		}
	}
	if s.Text == imap.SectionHeaderFields || s.Text == imap.SectionHeaderFieldsNot {
		for range 1 + g.IntN(3) {
			s.Fields = append(s.Fields, g.text())
		}
	}
	return s
}

func (g generator) resultRange() imap.ResultRange {
	return imap.ResultRange{First: 1 + g.Uint32()>>1, Last: 1 + g.Uint32()>>1, FromEnd: g.coin()}
}

func (g generator) fetch(byUID bool) imap.FetchRequest {
	r := imap.FetchRequest{Messages: g.messages(byUID)}
	r.Items = g.fetchItems()
	if g.coin() {
		r.ChangedSince = imap.ModSeq(1 + g.Uint64()>>2)
		r.Vanished = byUID && g.coin()
	}
	if byUID && g.coin() {
		r.Partial = g.resultRange()
	}
	return r
}

func (g generator) fetchItems() (items []imap.FetchItem) {
	var kinds []imap.FetchKind
	for kind := range imap.FetchKinds {
		kinds = append(kinds, kind)
	}
	for range 1 + g.IntN(5) {
		item := imap.FetchItem{Kind: kinds[g.IntN(len(kinds))]}
		if item.Kind.HasSection() {
			item.Section = g.section(item.Kind)
			if item.Kind != imap.FetchBinarySize {
				item.Peek = g.coin()
				if g.coin() {
					item.Partial = imap.Partial{Offset: g.Uint64() >> 1, Length: 1 + g.Uint64()>>2}
				}
			}
		}
		item.Lazy = item.Kind == imap.FetchPreview && g.coin()
		if item.Kind == imap.FetchAnnotations {
			item.Annotation = g.fetchAnnotation()
		}
		items = append(items, item)
	}
	return items
}

func (g generator) notify() imap.NotifyRequest {
	r := imap.NotifyRequest{Status: g.coin()}
	for range 1 + g.IntN(3) {
		group := imap.NotifyGroup{Filter: imap.NotifySelected + imap.NotifyFilter(g.IntN(7))}
		for n := 1 + g.IntN(3); n > 0 && group.Filter.NamesMailboxes(); n-- {
			group.Mailboxes = append(group.Mailboxes, g.name())
		}
		if g.coin() {
			group.Events = imap.NotifyEvents(g.Uint32()) & imap.AllNotifyEvents
		}
		if group.Events.Has(imap.NotifyMessageNew) && g.coin() {
			group.Items = g.fetchItems()
		}
		if g.IntN(4) == 0 {
			group.Unknown = []string{"X-NEW", "Y"}
		}
		r.Groups = append(r.Groups, group)
	}
	return r
}

func (g generator) convert(byUID bool) imap.ConvertRequest {
	r := imap.ConvertRequest{Messages: g.messages(byUID), Target: "image/x-a.b+c"}
	if g.coin() {
		r.Target = ""
		r.Items = append(r.Items, imap.ConvertItem{Kind: imap.ConvertHeader, Section: imap.Section{Part: imap.PartPath{2, 1}, Text: imap.SectionMIME}},
			imap.ConvertItem{Kind: imap.ConvertHeader, Section: imap.Section{Text: imap.SectionHeader}})
	}
	for range g.IntN(3) {
		r.Params = append(r.Params, imap.Param{Name: g.text(), Value: g.text()})
	}
	part := imap.Section{Part: imap.PartPath{1, 1 + g.Uint32()>>1}}
	r.Items = append(r.Items, imap.ConvertItem{Kind: imap.ConvertUID}, imap.ConvertItem{Kind: imap.ConvertStructure, Section: part},
		imap.ConvertItem{Kind: imap.ConvertBinary, Section: part, Partial: imap.Partial{Offset: g.Uint64() >> 1, Length: 1 + g.Uint64()>>2}},
		imap.ConvertItem{Kind: imap.ConvertBinary}, imap.ConvertItem{Kind: imap.ConvertBinarySize, Section: part},
		imap.ConvertItem{Kind: imap.ConvertAvailable})
	return r
}

// searchKey makes a key of any kind; joined keys have at least two, since one in
// parentheses stands for itself.
func (g generator) searchKey(depth int) imap.SearchKey {
	if depth > 0 && g.coin() {
		switch g.IntN(3) {
		case 0:
			if g.coin() {
				return imap.SearchFuzzy{Key: g.searchKey(depth - 1)}
			}
			return imap.SearchNot{Key: g.searchKey(depth - 1)}
		case 1:
			return imap.SearchOr{Left: g.searchKey(depth - 1), Right: g.searchKey(depth - 1)}
		}
		return imap.SearchAnd{Keys: []imap.SearchKey{g.searchKey(depth - 1), g.searchKey(depth - 1)}}
	}
	leaves := []func() imap.SearchKey{
		func() imap.SearchKey { return imap.SearchAll{} },
		func() imap.SearchKey { return imap.SearchSaved{} },
		func() imap.SearchKey { return imap.SearchSeqs{Set: setOf[imap.Seq](g)} },
		func() imap.SearchKey { return imap.SearchUIDs{Set: setOf[imap.UID](g)} },
		func() imap.SearchKey {
			flags := append([]imap.Flag{imap.FlagRecent, "$x"}, imap.SystemFlags[:]...)
			return imap.SearchFlag{Flag: flags[g.IntN(len(flags))], Absent: g.coin()}
		},
		func() imap.SearchKey {
			return imap.SearchText{Place: imap.InFrom + imap.SearchPlace(g.IntN(7)), Value: g.text()}
		},
		func() imap.SearchKey { return imap.SearchHeader{Field: g.text(), Value: g.text()} },
		func() imap.SearchKey {
			return imap.SearchDate{Of: imap.DateInternal + imap.SearchDateOf(g.IntN(3)), When: imap.DateBefore + imap.SearchWhen(g.IntN(3)),
				Date: imap.Date{Year: g.IntN(10000), Month: time.December, Day: 1 + g.IntN(31)}}
		},
		func() imap.SearchKey {
			return imap.SearchWithin{Younger: g.coin(), Seconds: 1 + g.Uint32()>>1}
		},
		func() imap.SearchKey { return imap.SearchSaveDates{} },
		func() imap.SearchKey { return imap.SearchEmailID{ID: "M0_-z"} },
		func() imap.SearchKey { return imap.SearchUIDAfter{UID: imap.UID(1 + g.Uint32()>>1)} },
		func() imap.SearchKey { return imap.SearchUIDBefore{UID: imap.UID(1 + g.Uint32()>>1)} },
		func() imap.SearchKey { return imap.SearchThreadID{ID: "T1"} },
		func() imap.SearchKey { return imap.SearchSize{Larger: g.coin(), Octets: g.Uint64() >> 1} },
		func() imap.SearchKey { return imap.SearchModSeq{ModSeq: imap.ModSeq(g.Uint64() >> 1)} },
		func() imap.SearchKey {
			return imap.SearchModSeq{ModSeq: 1, Entry: `/flags/\seen`, Scope: []string{"priv", "shared", "all"}[g.IntN(3)]}
		},
	}
	return leaves[g.IntN(len(leaves))]()
}

func (g generator) sort(byUID bool) imap.SearchRequest {
	r := g.search(byUID)
	r.Charset = "UTF-8"
	for range 1 + g.IntN(3) {
		r.Sort = append(r.Sort, imap.SortKey{Field: imap.SortArrival + imap.SortField(g.IntN(10)), Reverse: g.coin()})
	}
	return r
}

func (g generator) thread(byUID bool) imap.ThreadRequest {
	return imap.ThreadRequest{ByUID: byUID, Algorithm: imap.ThreadOrderedSubject + imap.ThreadAlgorithm(g.IntN(2)),
		Charset: "x y", Key: g.searchKey(4)}
}

func (g generator) search(byUID bool) imap.SearchRequest {
	r := imap.SearchRequest{Tag: "t", ByUID: byUID, Key: g.searchKey(5)}
	if g.coin() {
		r.Extended = true
		r.Return = imap.SearchReturn{Min: g.coin(), Max: g.coin(), Count: g.coin(), Save: g.coin(), All: g.coin()}
		r.Return.Context, r.Return.Update = g.coin(), g.coin()
		if !r.Return.All && g.coin() {
			r.Return.Partial = g.resultRange()
		}
		if r.Return == (imap.SearchReturn{}) {
			r.Return.All = true
		}
		if r.Return.Update && g.coin() {
			r.UpdateItems = g.fetchItems()
		}
	}
	if g.coin() {
		r.Charset = "UTF-8"
	}
	return r
}

func (g generator) list() imap.ListRequest {
	r := imap.ListRequest{Reference: g.name(), Patterns: []string{g.text()}, Extended: g.coin()}
	if !r.Extended {
		return r
	}
	r.Select = imap.ListSelect{Subscribed: true, Remote: g.coin(), RecursiveMatch: g.coin(), SpecialUse: g.coin()}
	r.Return = imap.ListReturn{Subscribed: g.coin(), Children: g.coin(), SpecialUse: g.coin(), MyRights: g.coin()}
	if g.coin() {
		r.Return.Status = []imap.StatusItem{imap.StatusSize, imap.StatusUnseen}
	}
	for range g.IntN(3) {
		r.Patterns = append(r.Patterns, g.text())
	}
	return r
}

func (g generator) selecting() imap.SelectRequest {
	r := imap.SelectRequest{Mailbox: g.name(), CondStore: g.coin()}
	if g.coin() {
		known := imap.SetOf[imap.UID](g.uids()...)
		r.QResync = &imap.QResync{UIDValidity: 1 + imap.UIDValidity(g.Uint32()>>1), ModSeq: 1 + imap.ModSeq(g.Uint64()>>2), KnownUIDs: known}
		if g.coin() {
			r.QResync.MatchSeqs, r.QResync.MatchUIDs = imap.SetOf[imap.Seq](1, 2, 5), imap.SetOf[imap.UID](3, 9)
		}
	}
	return r
}

func (g generator) uids() []imap.UID {
	var uids []imap.UID
	for range g.IntN(6) {
		uids = append(uids, 1+imap.UID(g.Uint32N(30)))
	}
	return uids
}

// Every request that can be made is read as it was written, in both modes.
func TestRequestsRoundTrip(t *testing.T) {
	const seed = 9051
	t.Logf("seed %d", seed)
	g := generator{rand.New(rand.NewPCG(seed, 0))}
	for range 4000 {
		byUID, prefix := g.coin(), ""
		if byUID {
			prefix = "UID "
		}
		for name, value := range map[string]any{
			prefix + "FETCH":   g.fetch(byUID),
			prefix + "CONVERT": g.convert(byUID),
			prefix + "SEARCH":  g.search(byUID),
			prefix + "SORT":    g.sort(byUID),
			prefix + "THREAD":  g.thread(byUID),
			prefix + "COPY":    imap.CopyRequest{Messages: g.messages(byUID), Mailbox: g.name()},
			prefix + "STORE": imap.StoreRequest{Messages: g.messages(byUID), Op: imap.StoreOp(g.IntN(3)), Silent: g.coin(),
				Flags: g.flags(), HasUnchangedSince: true, UnchangedSince: imap.ModSeq(g.Uint64() >> 1)},
			"NOTIFY": g.notify(),
			"LIST":   g.list(),
			"SELECT": g.selecting(),
			"RENAME": imap.RenameRequest{From: g.name(), To: g.name()},
			"LOGIN":  imap.LoginRequest{User: g.text(), Password: g.text()},
			"ID":     []imap.IDField{{Name: g.text(), Value: g.text()}, {Name: g.text(), Nil: true}},
		} {
			mode := Mode{UTF8: g.coin()}
			line := writeCommand(name, value, mode)
			if _, got, ok := readCommand(line, mode); !ok || !reflect.DeepEqual(got, value) {
				t.Fatalf("%q:\n got %#v\nwant %#v", line, got, value)
			}
		}
	}
}
