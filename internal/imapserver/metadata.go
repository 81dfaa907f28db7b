package imapserver

import (
	"cmp"
	"slices"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// metadataReading are rights of which a user needs one, besides the right to
// know of a mailbox, to read and to write its metadata (RFC 5464 §3.3).
var metadataReading = [...]mail.Rights{mail.RightRead, mail.RightSeen, mail.RightWrite, mail.RightInsert, mail.RightPost}

// metadataMailbox finds a mailbox whose metadata the user may read and write.
func (p place) metadataMailbox(state mail.State) (*mail.Mailbox, error) {
	mailbox, err := p.mailbox(state, mail.RightLookup)
	if err != nil {
		return nil, err
	}
	return mailbox, p.permitMetadata(mailbox)
}

// permitMetadata says whether the user may read and write the metadata of a
// mailbox that he may know of.
func (p place) permitMetadata(mailbox *mail.Mailbox) error {
	for _, right := range metadataReading {
		if p.permit(mailbox, right) == nil {
			return nil
		}
	}
	return mail.ErrNotPermitted
}

// namedValue is an entry with its whole name, in lower case.
type namedValue struct {
	name  string
	value []byte
}

// metadataOf returns what the user sees of a mailbox's metadata, by name. The
// special uses are the owner's (RFC 6154 §4).
func (s *session) metadataOf(state mail.State, at *place, mailbox *mail.Mailbox) ([]namedValue, error) {
	var values []namedValue
	if uses := mailbox.SpecialUseValue(); uses != nil && at.isHome() {
		values = append(values, namedValue{string(imap.MetadataPrivate) + mail.SpecialUseEntry, uses})
	}
	return s.appendMetadata(values, state, mailbox.ID, mail.Shared, s.self())
}

// appendMetadata appends the metadata of some owners and puts all into order.
func (s *session) appendMetadata(values []namedValue, state mail.State, mailbox mail.MailboxID, owners ...mail.AccountID) ([]namedValue, error) {
	for m, err := range state.Metadata(mailbox, owners...) {
		if err != nil {
			return nil, err
		}
		values = append(values, namedValue{metadataName(m.Owner, m.Name), m.Value})
	}
	slices.SortFunc(values, func(a, b namedValue) int { return cmp.Compare(a.name, b.name) })
	return values, nil
}

// metadataName returns the whole name of an entry.
func metadataName(owner mail.AccountID, name string) string {
	if owner == mail.Shared {
		return string(imap.MetadataShared) + name
	}
	return string(imap.MetadataPrivate) + name
}

// adminEntry tells how the administrator is reached (RFC 5464 §3.2.1.1).
const adminEntry = "/shared/admin"

// serverMetadata returns what the user sees of the server's metadata: his own,
// which is in his account, and what the administrator has for all users, which
// is in the directory, with what the configuration says.
func (s *session) serverMetadata() (values []namedValue, err error) {
	err = s.account.Read(s.context, func(state mail.State) error {
		values, err = s.appendMetadata(nil, state, mail.ServerMetadata, s.self())
		return err
	})
	if err != nil {
		return nil, err
	}
	directory, err := s.server.options.Store.Account(s.context, mail.DirectoryAccount)
	if err != nil {
		return nil, err
	}
	if admin := s.server.options.Admin; admin != "" {
		values = append(values, namedValue{adminEntry, []byte(admin)})
	}
	err = directory.Read(s.context, func(state mail.State) error {
		values, err = s.appendMetadata(values, state, mail.ServerMetadata, mail.Shared)
		return err
	})
	return values, err
}

// metadataQuestion is what of metadata is asked for.
type metadataQuestion struct {
	entries    []string
	depth      imap.MetadataDepth
	hasMaxSize bool
	maxSize    uint32
}

// choose picks the entries that are asked for, each once, and returns the size
// of the largest one that is too large (RFC 5464 §4.2.1). An entry that does not
// exist has the value NIL, unless there are some below it.
func (q *metadataQuestion) choose(values []namedValue) (chosen []imap.MetadataValue, tooLarge uint32) {
	seen := map[string]bool{}
	for _, asked := range q.entries {
		scope, rest, _ := imap.SplitMetadataEntry(asked)
		name, found := string(scope)+rest, false
		for _, v := range values {
			if !q.within(v.name, name) {
				continue
			}
			found = true
			if seen[v.name] {
				continue
			}
			seen[v.name] = true
			if q.hasMaxSize && uint64(len(v.value)) > uint64(q.maxSize) {
				tooLarge = max(tooLarge, uint32(len(v.value)))
				continue
			}
			value := imap.MetadataValue{Entry: v.name, Value: v.value}
			if v.name == name {
				value.Entry = asked // as the client writes it
			}
			chosen = append(chosen, value)
		}
		if !found && !seen[name] {
			seen[name] = true
			chosen = append(chosen, imap.MetadataValue{Entry: asked})
		}
	}
	return chosen, tooLarge
}

// within reports whether an entry is asked for by a name: itself, or as far
// below it as the depth says (RFC 5464 §4.2.2).
func (q *metadataQuestion) within(entry, name string) bool {
	if entry == name {
		return true
	}
	below, isBelow := strings.CutPrefix(entry, name+"/")
	switch q.depth {
	case imap.DepthZero:
		return false
	case imap.DepthOne:
		return isBelow && !strings.Contains(below, "/")
	}
	return isBelow
}
