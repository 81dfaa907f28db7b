package store

import (
	"iter"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
)

func (s *state) MetadataOctets() int64 { return s.head.MetadataOctets }

func (s *state) Metadata(mailbox mail.MailboxID, owners ...mail.AccountID) iter.Seq2[mail.Metadata, error] {
	return func(yield func(mail.Metadata, error) bool) {
		prefixes := [][]byte{index.MetadataPrefix(nil, s.account.id, mailbox)}
		if len(owners) > 0 {
			prefixes = nil
			for _, owner := range owners {
				prefixes = append(prefixes, index.MetadataKey(nil, s.account.id, mailbox, owner, ""))
			}
		}
		goOn := true
		for _, prefix := range prefixes {
			s.each(prefix, func(err error) { goOn = yield(mail.Metadata{}, err) && false }, func(key, row []byte) bool {
				m, err := decodeMetadata(key, row)
				goOn = yield(m, err) && err == nil
				return goOn
			})
			if !goOn {
				return
			}
		}
	}
}

func decodeMetadata(key, row []byte) (m mail.Metadata, err error) {
	m.Owner, m.Name = index.MetadataOf(key)
	m.ModSeq, m.Value, err = index.DecodeValue(row)
	return m, err
}

func decodeAnnotation(key, row []byte) (a mail.Annotation, err error) {
	a.UID, a.Owner, a.Entry = index.AnnotationOf(key)
	a.ModSeq, a.Value, err = index.DecodeValue(row)
	return a, err
}

func (s *state) Annotations(mailbox mail.MailboxID, set imap.UIDSet) iter.Seq2[mail.Annotation, error] {
	return func(yield func(mail.Annotation, error) bool) {
		if err := s.of(mailbox).annotations(set, func(a mail.Annotation) bool { return yield(a, nil) }); err != nil {
			yield(mail.Annotation{}, err)
		}
	}
}

// annotations calls use with the annotations of the messages that a set names,
// until it returns false.
func (r boxRows) annotations(set imap.UIDSet, use func(mail.Annotation) bool) error {
	if len(set) == 0 {
		return nil
	}
	cursor := r.rows.Scan(
		index.MessageAnnotations(nil, r.account, r.mailbox, set[0].Start),
		index.PrefixEnd(index.MessageAnnotations(nil, r.account, r.mailbox, set[len(set)-1].Stop)))
	err := r.scanAnnotations(cursor, set, use)
	if closeErr := cursor.Close(); err == nil {
		err = closeErr
	}
	return err
}

func (r boxRows) scanAnnotations(cursor index.Cursor, set imap.UIDSet, use func(mail.Annotation) bool) error {
	for more := cursor.Next(); more; {
		uid, _, _ := index.AnnotationOf(cursor.Key())
		for len(set) > 0 && set[0].Stop < uid {
			set = set[1:]
		}
		if len(set) == 0 {
			return nil
		}
		if set[0].Start > uid {
			more = cursor.Seek(index.MessageAnnotations(nil, r.account, r.mailbox, set[0].Start))
			continue
		}
		a, err := decodeAnnotation(cursor.Key(), cursor.Value())
		if err != nil {
			return err
		}
		if !use(a) {
			return nil
		}
		more = cursor.Next()
	}
	return nil
}
