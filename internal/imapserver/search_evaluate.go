package imapserver

import (
	"cmp"
	"io"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
	"github.com/restante/restante/internal/query"
)

// evaluation says what of a search is of interest.
type evaluation struct {
	modSeqs bool // the modification sequences
	// within are the messages to look at, nil for all.
	within    imap.UIDSet
	collation query.Collation
	max       int // how many messages are enough; 0 is all
	// limit is how many messages may be looked at, 0 for all of them. whole
	// refuses to look at some only.
	limit int
	whole bool
	// also takes each message that is found, if it is set; its error means that
	// some of it could not be read.
	also func(query.Message) error
	// fuzzy are texts to score messages by, in the mailbox that is searched;
	// scored is given the function that does (RFC 6203 §4).
	fuzzy  []imap.SearchKey
	scored func(score func(query.Message) (uint8, error))
	// annotated is given the function that looks up what SortAnnotation compares.
	annotated func(value func(imap.UID, imap.SortKey) string)
}

// evaluate finds the messages that the client knows of and that match a
// lowered key. A message that cannot be read does not match and hides no other.
func (s *session) evaluate(target searchTarget, key imap.SearchKey, options evaluation) (found, error) {
	var result found
	count := 0
	bodies := target.account.Bodies()
	defer bodies.Close()
	err := target.account.Read(s.context, func(state mail.State) error {
		mailbox, err := state.Mailbox(target.id)
		if err != nil {
			return ignoreGone(err)
		}
		uids := target.view.All()
		if options.within != nil {
			uids = target.view.Known(options.within)
		}
		annotations := &annotationReader{session: s, state: state, mailbox: mailbox, uids: uids, comparator: options.collation.Comparator}
		if options.annotated != nil {
			options.annotated(annotations.value)
		}
		program, err := s.searchProgram(key, annotations, options.collation)
		if err != nil {
			return err
		}
		if options.scored != nil {
			score, err := s.scorer(options.fuzzy, annotations, options.collation)
			if err != nil {
				return err
			}
			options.scored(score)
		}
		if cut := cutToNewest(program.Within(uids), options.limit); cut != nil && options.whole {
			return no(s.messageLimit(nil), "The mailbox has too many messages for this")
		} else if cut != nil {
			uids, result.processed = cut, cut
		}
		source := searchSource(state, mailbox.ID, bodies, program, uids, options.also != nil)
		source = s.reporting(source, program.Within(uids).Count())
		err = program.Run(s.context, source, query.Sink{
			Found: func(m query.Message) bool {
				result.uids = result.uids.Add(m.UID())
				if options.modSeqs {
					result.modSeqs = append(result.modSeqs, m.ModSeq())
				}
				if options.also != nil {
					s.logUnreadable(m, options.also(m))
				}
				count++
				return count != options.max
			},
			Unreadable: func(m query.Message, err error) error {
				s.logUnreadable(m, err)
				return nil
			},
		})
		return cmp.Or(err, annotations.err)
	})
	return result, err
}

// logUnreadable notes a message that could not be read.
func (s *session) logUnreadable(m query.Message, err error) {
	if err != nil {
		s.log.Error("cannot search message", "uid", uint32(m.UID()), "error", err.Error())
	}
}

// searchProgram makes a program of a lowered key: of the session's words only
// the flags are left, whose numbers are the mailbox's.
func (s *session) searchProgram(key imap.SearchKey, annotations *annotationReader, collation query.Collation) (*query.Program, error) {
	mailbox := annotations.mailbox
	annotations.look(key)
	names := query.Names{Annotated: annotations.matching, Email: contentOf, Comparator: collation.Comparator, Now: s.now().Unix(), FlagBit: func(flag imap.Flag) (uint16, bool) {
		bit, known := mailbox.Bit(flag)
		return uint16(bit), known
	}}
	compiled, err := query.FromSearch(key, "", names)
	if err = cmp.Or(err, annotations.err); err != nil {
		return nil, err
	}
	return query.Compile(compiled), nil
}

// searchSource yields the messages that a program needs to look at, with no
// more of each than the program's first tier asks for, unless the whole rows are
// wanted of what is found.
func searchSource(state mail.State, mailbox mail.MailboxID, bodies mail.BodyReader, program *query.Program, uids imap.UIDSet, whole bool) query.Source {
	uids = program.Within(uids)
	messages, marked := state.Messages(mailbox, uids), false
	if program.First() <= query.TierMarks && !whole {
		messages, marked = state.Marks(mailbox, uids), true
	}
	return func(yield func(query.Message, error) bool) {
		m := searchedMessage{state: state, mailbox: mailbox, bodies: bodies}
		for mark, err := range messages {
			m.structure = nil
			if m.mark, m.message = mark, nil; !marked {
				m.message = mark
			}
			if !yield(&m, err) {
				return
			}
		}
	}
}

// searchedMessage shows a stored message to a program.
type searchedMessage struct {
	state     mail.State
	mailbox   mail.MailboxID
	bodies    mail.BodyReader
	mark      *mail.Message      // UID, flags and modification sequence
	message   *mail.Message      // everything; nil while not asked for
	structure *message.Structure // the same
}

func (m *searchedMessage) UID() imap.UID { return m.mark.UID }

func (m *searchedMessage) HasFlag(bit uint16) bool { return m.mark.Flags.Has(mail.FlagBit(bit)) }

func (m *searchedMessage) ModSeq() imap.ModSeq { return m.mark.ModSeq }

func (m *searchedMessage) load() (err error) {
	if m.message == nil {
		m.message, err = m.state.Message(m.mailbox, m.mark.UID)
	}
	return err
}

func (m *searchedMessage) Row() (query.Row, error) {
	if err := m.load(); err != nil {
		return query.Row{}, err
	}
	return query.Row{
		Email:        contentID(m.message),
		Size:         m.message.Size,
		InternalUnix: m.message.InternalDate.Unix,
		InternalDay:  query.Day(m.message.InternalDate.Day()),
		SaveDay:      query.Day(mail.Instant{Unix: m.message.SaveDate}.Day()),
	}, nil
}

func (m *searchedMessage) Sent() (time.Time, error) {
	if m.structure != nil {
		return m.structure.Sent, nil
	}
	if err := m.load(); err != nil {
		return time.Time{}, err
	}
	return m.state.Sent(m.message.Email)
}

func (m *searchedMessage) Structure() (*message.Structure, error) {
	if err := m.load(); err != nil {
		return nil, err
	}
	if m.structure == nil {
		structure, err := m.state.Structure(m.message.Email)
		if err != nil {
			return nil, err
		}
		m.structure = structure
	}
	return m.structure, nil
}

func (m *searchedMessage) Open() (io.ReaderAt, int64, error) {
	if err := m.load(); err != nil {
		return nil, 0, err
	}
	body, err := m.bodies.Open(m.message.Body)
	if err != nil {
		return nil, 0, err
	}
	return body, body.Size(), nil
}
