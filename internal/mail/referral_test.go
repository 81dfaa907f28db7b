package mail

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
)

// referringState is a state that has mailboxes of these names, and entries.
type referringState struct {
	State
	names   []string
	entries map[string][]byte
}

func (s *referringState) MailboxNamed(name string) (*Mailbox, error) {
	if i := slices.Index(s.names, name); i >= 0 {
		return &Mailbox{ID: MailboxID(i + 1), Name: name}, nil
	}
	return nil, ErrNoMailbox
}

func (s *referringState) Mailboxes(prefix string) iter.Seq2[*Mailbox, error] {
	return func(yield func(*Mailbox, error) bool) {
		for i, name := range s.names {
			if strings.HasPrefix(name, prefix) && !yield(&Mailbox{ID: MailboxID(i + 1), Name: name}, nil) {
				return
			}
		}
	}
}

func (s *referringState) Entry(key string) ([]byte, error) {
	if value, ok := s.entries[key]; ok {
		return value, nil
	}
	return nil, ErrNoEntry
}

func (s *referringState) Entries(prefix string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for _, key := range slices.Sorted(maps.Keys(s.entries)) {
			if strings.HasPrefix(key, prefix) && !yield(Entry{Key: key, Value: s.entries[key]}, nil) {
				return
			}
		}
	}
}

// carryOut applies the entries of a decision.
func (s *referringState) carryOut(effects Effects) {
	for _, record := range effects.Records {
		switch r := record.(type) {
		case EntryPut:
			s.entries[r.Key] = r.Value
		case EntryRemoved:
			delete(s.entries, r.Key)
		}
	}
}

// set makes a referral that must be possible.
func (s *referringState) set(t *testing.T, name string, urls ...string) {
	t.Helper()
	effects, err := SetReferral(name, urls)(s)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	s.carryOut(effects)
}

// told are the referrals as "name: url url".
func (s *referringState) told(t *testing.T) (list []string) {
	t.Helper()
	for referral, err := range Referrals(s) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, referral.Name+": "+strings.Join(referral.URLs, " "))
	}
	return list
}

const (
	there  = "imap://u;AUTH=*@mail2.example.org/There"
	second = "imap://u;AUTH=*@mail3.example.org/There"
)

func newReferring(names ...string) *referringState {
	return &referringState{names: names, entries: map[string][]byte{}}
}

// Aim: RFC 2193 §3. A referral is of a name and of all below it, in the order of
// its servers, and of nothing else.
func TestReferredTo(t *testing.T) {
	state := newReferring()
	state.set(t, "Away", there, second)
	state.set(t, "e\u0301", there)
	for name, want := range map[string][]string{
		"Away":         {there, second},
		"Away/Sub":     {there + "/Sub", second + "/Sub"},
		"Away/a b/%":   {there + "/a%20b/%25", second + "/a%20b/%25"},
		"\u00e9":       {there}, // the same letter
		"\u00e9/x":     {there + "/x"},
		"Awayward":     nil,
		"Awa":          nil,
		"away":         nil,
		"Here/Away":    nil,
		"INBOX":        nil,
		"Away/":        nil, // no name
		"Away\x00":     nil,
		"\xffAway":     nil,
		"Away//Sub":    nil,
		"Other/Away/x": nil,
	} {
		urls, err := ReferredTo(state, name)
		if err != nil || !slices.Equal(urls, want) {
			t.Errorf("%q: %q, %v", name, urls, err)
		}
	}
	state.entries[referralPrefix+"Away"] = []byte(`{"version":9,"urls":["imap://h/"]}`)
	if _, err := ReferredTo(state, "Away"); err == nil {
		t.Error("an entry of a later version is read")
	}
	state.entries[referralPrefix+"Away"] = []byte(`{`)
	if _, err := ReferredTo(state, "Away"); err == nil {
		t.Error("a broken entry is read")
	}
}

// Aim: a referral hides nothing, is in no other, and can be set anew; there are
// only so many.
func TestSetAndRemoveReferral(t *testing.T) {
	state := newReferring("INBOX", "Here", "Full/Sub")
	state.set(t, "Away/Far", there)
	for name, want := range map[string]error{
		"Here": ErrMailboxExists, "Full": ErrHasChildren, "INBOX": ErrInbox, "inbox": ErrInbox, "a//b": ErrBadName,
		"Away": ErrMailboxExists, "Away/Far/Below": ErrMailboxExists, "Away/Near": nil, "INBOX/Far": nil, "Here/Far": nil,
	} {
		if effects, err := SetReferral(name, []string{there})(state); !errors.Is(err, want) || err != nil && len(effects.Records) > 0 {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	for _, count := range []int{0, referralURLsMax + 1} {
		if _, err := SetReferral("x", make([]string, count))(state); !errors.Is(err, ErrBadName) {
			t.Errorf("%d servers: %v", count, err)
		}
	}
	state.set(t, "Away/Far", second, there)
	if told := state.told(t); !slices.Equal(told, []string{"Away/Far: " + second + " " + there}) {
		t.Errorf("set anew: %q", told)
	}
	for name, want := range map[string]error{"Away": ErrNotReferral, "Away/Far/Below": ErrNotReferral, "Here": ErrNotReferral, "a//b": ErrBadName} {
		if _, err := RemoveReferral(name)(state); !errors.Is(err, want) {
			t.Errorf("removing %s: %v", name, err)
		}
	}
	effects, err := RemoveReferral("Away/Far")(state)
	if err != nil {
		t.Fatal(err)
	}
	state.carryOut(effects)
	if told := state.told(t); len(told) > 0 {
		t.Errorf("it is still there: %q", told)
	}
	for i := range referralsMax {
		state.entries[fmt.Sprintf("%sr%04d", referralPrefix, i)] = []byte(`{"version":1,"urls":["imap://h/x"]}`)
	}
	if _, err := SetReferral("more", []string{there})(state); !errors.Is(err, ErrTooManyMailbox) {
		t.Errorf("one too many: %v", err)
	}
	state.set(t, "r0000", second) // no more than before
}

// Aim: RFC 9051 §6.3.6. Referrals below a name move with it, to where nothing is.
func TestMoveReferrals(t *testing.T) {
	for name, test := range map[string]struct {
		here      []string
		referrals []string
		from, to  string
		want      error
		after     []string
	}{
		"those below": {[]string{"Old"}, []string{"Old/A", "Old/B/C", "Older", "Oldest/D"}, "Old", "New",
			nil, []string{"New/A: " + there, "New/B/C: " + there, "Older: " + there, "Oldest/D: " + there}},
		"deeper":               {[]string{"Old"}, []string{"Old/A"}, "Old", "Old/A2/B", nil, []string{"Old/A2/B/A: " + there}},
		"onto a referral":      {[]string{"Old"}, []string{"New"}, "Old", "New", ErrMailboxExists, nil},
		"below a referral":     {[]string{"Old"}, []string{"New"}, "Old", "New/X", ErrMailboxExists, nil},
		"hiding a mailbox":     {[]string{"Old", "Old/A"}, []string{"New/A"}, "Old", "New", ErrMailboxExists, nil},
		"beside one":           {[]string{"Old", "Old/B"}, []string{"New/A"}, "Old", "New", nil, []string{"New/A: " + there}},
		"a mailbox in the way": {[]string{"Old", "New/A"}, []string{"Old/A"}, "Old", "New", ErrMailboxExists, nil},
		"below is in the way":  {[]string{"Old", "New/A/B"}, []string{"Old/A"}, "Old", "New", ErrHasChildren, nil},
		"two referrals":        {[]string{"Old"}, []string{"New/A", "Old/A"}, "Old", "New", ErrMailboxExists, nil},
	} {
		state := newReferring(test.here...)
		for _, referral := range test.referrals {
			value := fmt.Sprintf(`{"version":1,"urls":[%q]}`, there)
			state.entries[referralPrefix+referral] = []byte(value)
		}
		var effects Effects
		err := moveReferrals(&effects, state, test.from, test.to)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
		if err != nil {
			continue
		}
		state.carryOut(effects)
		if told := state.told(t); !slices.Equal(told, test.after) {
			t.Errorf("%s: %q", name, told)
		}
	}
}

// Aim: RFC 2221 §3, RFC 2193 §3. What an administrator writes becomes a URL that
// names a user and any mechanism, or is refused; what ends a response code is.
func TestReferralURLs(t *testing.T) {
	for text, want := range map[string]string{
		"imap://mail2.example.org/":                        "imap://ann%40example.org;AUTH=*@mail2.example.org/",
		"imap://mail2.example.org:1143/":                   "imap://ann%40example.org;AUTH=*@mail2.example.org:1143/",
		"imap://bob@mail2.example.org/":                    "imap://bob;AUTH=*@mail2.example.org/",
		"imap://bob;AUTH=SCRAM-SHA-256@mail2.example.org/": "imap://bob;AUTH=SCRAM-SHA-256@mail2.example.org/",
		"IMAP://mail2.example.org/":                        "imap://ann%40example.org;AUTH=*@mail2.example.org/",
		"imap://mail2.example.org/INBOX":                   "",
		"imap://[2001:db8::1]/":                            "",
		"http://mail2.example.org/":                        "",
		"mail2.example.org":                                "",
		"imap:///":                                         "",
		"/INBOX":                                           "",
		"":                                                 "",
	} {
		got, err := ServerURL(text, "ann@example.org")
		if got != want || (err == nil) != (want != "") || err != nil && !errors.Is(err, ErrBadURL) {
			t.Errorf("server %q: %q, %v", text, got, err)
		}
	}
	if got, err := ServerURL("imap://mail2.example.org/", ""); got != "imap://;AUTH=*@mail2.example.org/" || err != nil {
		t.Errorf("for nobody in particular: %q, %v", got, err)
	}
	for text, want := range map[string]string{
		"imap://mail2.example.org/Public":                         "imap://ann%40example.org;AUTH=*@mail2.example.org/Public",
		"imap://bob;AUTH=*@mail2.example.org/a%20b":               "imap://bob;AUTH=*@mail2.example.org/a%20b",
		"imap://mail2.example.org/":                               "",
		"imap://mail2.example.org/Public;UIDVALIDITY=1/;UID=2":    "",
		"imap://mail2.example.org/Public?SUBJECT%20x":             "",
		"imap://[2001:db8::1]/Public":                             "",
		"/Public":                                                 "",
		"imap://mail2.example.org/Public/;UID=20/;SECTION=HEADER": "",
	} {
		got, err := MailboxURL(text, "ann@example.org")
		if got != want || (err == nil) != (want != "") || err != nil && !errors.Is(err, ErrBadURL) {
			t.Errorf("mailbox %q: %q, %v", text, got, err)
		}
	}
}
