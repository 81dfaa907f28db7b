package store

import (
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
)

// mailboxValues checks what a mailbox counts of metadata and annotations, and
// that each annotation is that of a message.
func (c *checker) mailboxValues(id mail.AccountID, m *mail.Mailbox) error {
	metadata, err := c.metadataOctets(id, m.ID)
	if err != nil {
		return err
	}
	count, octets, problems := uint32(0), int64(0), 0
	err = boxRows{c.rows, id, m.ID}.annotations(allUIDs, func(a mail.Annotation) bool {
		count++
		octets += mail.ValueOctets(a.Entry, a.Value)
		if row, err := c.rows.Get(index.MessageKey(nil, id, m.ID, a.UID)); err == nil && row == nil {
			problems++
		}
		return true
	})
	if problems > 0 {
		c.report.problem("account %d, mailbox %d: %d annotations belong to no message", id, m.ID, problems)
	}
	if count != m.Annotations || octets != m.AnnotationOctets || metadata != m.MetadataOctets {
		c.report.problem("account %d, mailbox %d counts %d annotations (%d octets) and %d octets of metadata, has %d (%d) and %d",
			id, m.ID, m.Annotations, m.AnnotationOctets, m.MetadataOctets, count, octets, metadata)
	}
	return err
}

// accountMetadata checks what an account counts: ofMailboxes is what its
// mailboxes do together.
func (c *checker) accountMetadata(id mail.AccountID, head index.Head, ofMailboxes int64) error {
	own, err := c.metadataOctets(id, mail.ServerMetadata)
	if err == nil && own+ofMailboxes != head.MetadataOctets {
		c.report.problem("account %d counts %d octets of metadata, has %d", id, head.MetadataOctets, own+ofMailboxes)
	}
	return err
}

func (c *checker) metadataOctets(id mail.AccountID, mailbox mail.MailboxID) (octets int64, err error) {
	err = scanPrefix(c.rows, index.MetadataPrefix(nil, id, mailbox), func(key, row []byte) error {
		m, err := decodeMetadata(key, row)
		octets += mail.ValueOctets(m.Name, m.Value)
		return err
	})
	return octets, err
}
