package imapserver

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
)

// contextClient believes what it is told of results, as RFC 5267 §4.3.2 says.
type contextClient struct {
	t       *testing.T
	results map[string][]imap.UID // by tag, in order
}

// readESearch returns the content of a line that is an ESEARCH response.
func readESearch(t *testing.T, line string) (imap.SearchData, bool) {
	t.Helper()
	if !strings.HasPrefix(line, "* ESEARCH") {
		return imap.SearchData{}, false
	}
	limits := imapwire.DefaultLimits()
	frags, err := imapwire.ResponseFragmentsOf([]byte(line+"\r\n"), limits)
	if err != nil {
		t.Fatal(err)
	}
	response, err := imapwire.DecodeResponse(imapwire.NewDecoder(frags, imapwire.Mode{}, limits))
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return response.(imap.ESearchResponse).Data, true
}

// inOrder returns the UIDs of a set in the order in which it names them.
func inOrder(set imap.UIDSet) []imap.UID {
	var uids []imap.UID
	for _, r := range set {
		for uid := r.Start; uid <= r.Stop; uid++ {
			uids = append(uids, uid)
		}
	}
	return uids
}

// replay takes the updates among the lines.
func (c *contextClient) replay(lines []string) {
	c.t.Helper()
	for _, line := range lines {
		data, ok := readESearch(c.t, line)
		if !ok {
			continue
		}
		for _, update := range data.Updates {
			c.update(data.Tag, update, line)
		}
	}
}

func (c *contextClient) update(tag string, update imap.SearchUpdate, line string) {
	c.t.Helper()
	list := c.results[tag]
	at := int(update.Position) - 1
	for _, uid := range inOrder(update.Messages.UIDs) {
		switch {
		case update.Remove && update.Position == 0:
			if at = slices.Index(list, uid); at < 0 {
				c.t.Fatalf("%s: %d is not in %v", line, uid, list)
			}
			list = slices.Delete(list, at, at+1)
		case update.Remove:
			if at >= len(list) || list[at] != uid {
				c.t.Fatalf("%s: %d is not at its place in %v", line, uid, list)
			}
			list = slices.Delete(list, at, at+1)
		case update.Position == 0:
			list = append(list, uid)
			slices.Sort(list)
		default:
			list = slices.Insert(list, at, uid)
			at++
		}
	}
	c.results[tag] = list
}

// The aim: whatever others do, a client that replays the updates believes what a
// fresh search would find, in its order.
func TestUpdatesEqualAFreshSearch(t *testing.T) {
	const seed, steps = 5267, 120
	g := rand.New(rand.NewPCG(seed, 1))
	server := startServer(t, nil)
	watcher, other := server.login("u0001"), server.login("u0001")
	server.fill(30, 100)
	watcher.ok("SELECT INBOX")
	other.ok("SELECT INBOX")
	client := &contextClient{t: t, results: map[string][]imap.UID{}}
	searches := []string{
		"UID SEARCH RETURN (ALL%s) FLAGGED", "UID SEARCH RETURN (ALL%s) OR SEEN NOT FLAGGED",
		"UID SORT RETURN (ALL%s) (REVERSE SUBJECT) UTF-8 FLAGGED", "UID SORT RETURN (ALL%s) (DATE SIZE) UTF-8 OR SEEN FLAGGED",
		"UID SORT RETURN (ALL%s) (REVERSE ANNOTATION /comment value.shared) UTF-8 NOT FLAGGED",
	}
	tags := make([]string, len(searches))
	fresh := func(search, update string) (string, []imap.UID) {
		lines := watcher.do(fmt.Sprintf(search, update))
		client.replay(lines)
		tag := fmt.Sprintf("a%d", watcher.tags)
		for _, line := range lines {
			if data, ok := readESearch(t, line); ok && data.Tag == tag && data.Updates == nil {
				return tag, inOrder(data.All.UIDs)
			}
		}
		t.Fatalf("no ESEARCH in %q", lines)
		return "", nil
	}
	for i, search := range searches {
		tag, found := fresh(search, " UPDATE")
		tags[i], client.results[tag] = tag, found
	}
	for step := range steps {
		actor, set := other, fmt.Sprintf("%d:%d", 1+g.IntN(40), 1+g.IntN(40))
		if g.IntN(3) == 0 {
			actor = watcher
		}
		command := []string{
			"UID STORE " + set + " +FLAGS.SILENT (\\Flagged)", "UID STORE " + set + " -FLAGS (\\Flagged)",
			"UID STORE " + set + " -FLAGS.SILENT (\\Seen)", "UID STORE " + set + " FLAGS (\\Seen)",
			fmt.Sprintf("UID STORE %d +FLAGS (\\Deleted)", 1+g.IntN(60)), "EXPUNGE", "UID COPY " + set + " INBOX",
			fmt.Sprintf("UID STORE %s ANNOTATION (/comment (value.shared \"%c\"))", set, 'a'+g.IntN(9)),
		}[g.IntN(8)]
		if strings.HasPrefix(command, "UID COPY") && g.IntN(3) > 0 {
			command = "NOOP"
		}
		lines := actor.do(command)
		if actor == watcher {
			client.replay(lines)
		}
		client.replay(watcher.do("NOOP"))
		search := g.IntN(len(searches))
		if _, want := fresh(searches[search], ""); !slices.Equal(client.results[tags[search]], want) {
			t.Fatalf("seed %d step %d, after %s: the client believes %v of %s, which finds %v",
				seed, step, command, client.results[tags[search]], searches[search], want)
		}
	}
}
