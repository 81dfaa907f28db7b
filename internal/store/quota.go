package store

import (
	"fmt"

	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
)

// quotaOf returns the limits that hold for an account.
func (s *Store) quotaOf(head *index.Head) mail.Quota {
	limits := &s.options.Limits
	quota := head.Quota.Over(limits.Quota)
	// What the store itself allows is a limit like the others (RFC 9208 §3.2).
	return quota.Within(mail.Quota{mail.ResourceMailbox: mail.LimitOf(uint64(limits.Mailboxes))})
}

// Refused returns how many commits were beyond a quota since Open.
func (s *Store) Refused() uint64 { return s.refused.Load() }

func (s *state) Usage() mail.Usage { return s.head.Usage() }
func (s *state) Quota() mail.Quota { return s.store.quotaOf(&s.head) }

func (s *state) OwnQuota() mail.OwnQuota { return s.head.Quota }

// admit says whether the quota admits what a plan makes of an account. It is
// asked within the account's turn, on top of all that is on its way to the
// disk, so that no two commits can share the same room. It notes in the plan
// if what is used is beyond the quota from now on.
func (s *Store) admit(before index.Head, planned *plan, beyond bool) error {
	quota := s.quotaOf(&planned.head)
	from, to := before.Usage(), planned.head.Usage()
	if !beyond {
		if err := quota.Admit(planned.account, from, to); err != nil {
			s.refused.Add(1)
			return err
		}
	}
	_, was := s.quotaOf(&before).Exceeded(from)
	_, is := quota.Exceeded(to)
	planned.change.OverQuota = is && !was
	return nil
}

func (d *deriver) changeQuota(r mail.QuotaChanged) { d.plan.head.Quota = r.Own }

// sum brings what a commit did to a mailbox into what the account uses.
func (d *deriver) sum(b *box) {
	if d.plan.head.Erased {
		return
	}
	messages, octets := uint64(b.Messages), uint64(b.Size)
	if b.deleted {
		messages, octets = 0, 0
	}
	d.plan.head.Messages += messages - b.messagesBefore
	d.plan.head.Octets += octets - b.octetsBefore
}

// checkUsage demands that an account counts what its mailboxes hold.
func (c *checker) checkUsage(id mail.AccountID, head index.Head, counted mail.Usage) {
	if used := head.Usage(); used != counted {
		c.report.problem("account %d counts %s and has %s", id, describeUsage(used), describeUsage(counted))
	}
}

func describeUsage(u mail.Usage) string {
	return fmt.Sprintf("%d octets in %d messages of %d mailboxes, %d octets of annotations", u[mail.ResourceStorage],
		u[mail.ResourceMessage], u[mail.ResourceMailbox], u[mail.ResourceAnnotationStorage])
}
