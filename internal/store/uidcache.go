package store

import (
	"container/list"
	"slices"
	"sync"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// uidCache keeps the UIDs of the mailboxes that were asked for last. Applying
// a plan brings them up to date before any reader can see its rows; a reader
// of an older state finds an older version.
type uidCache struct {
	mutex sync.Mutex
	boxes map[boxID]*list.Element // of *cachedUIDs
	order *list.List              // used last first
	size  int
	max   int
}

type boxID struct {
	account mail.AccountID
	mailbox mail.MailboxID
}

type cachedUIDs struct {
	box      boxID
	versions []uidVersion // ascending; the oldest holds from its position on
	size     int
}

type uidVersion struct {
	from imap.ModSeq
	uids mail.UIDs
}

// recent are an account's last plans that changed UIDs: what a scan that
// began before them has missed.
type recent struct {
	plans   []*plan
	dropped imap.ModSeq // newest position that is no longer among them
}

func newUIDCache(octets int) *uidCache {
	return &uidCache{boxes: map[boxID]*list.Element{}, order: list.New(), max: octets}
}

// get returns the UIDs of a mailbox as of a position.
func (c *uidCache) get(box boxID, at imap.ModSeq) (mail.UIDs, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	element := c.boxes[box]
	if element == nil {
		return mail.UIDs{}, false
	}
	c.order.MoveToFront(element)
	for _, v := range slices.Backward(element.Value.(*cachedUIDs).versions) {
		if v.from <= at {
			return v.uids, true
		}
	}
	return mail.UIDs{}, false
}

// put keeps the UIDs that a scan of the state at a position has found, brought
// up to date; unless too much has happened since.
func (c *uidCache) put(a *account, mailbox mail.MailboxID, at imap.ModSeq, uids mail.UIDs) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	box := boxID{a.id, mailbox}
	if c.boxes[box] != nil || at < a.recent.dropped {
		return
	}
	cached := &cachedUIDs{box: box, versions: []uidVersion{{at, uids}}}
	for _, p := range a.recent.plans {
		for _, change := range p.uids {
			if p.position > at && change.mailbox == mailbox && !cached.apply(p.position, change) {
				return
			}
		}
	}
	c.boxes[box] = c.order.PushFront(cached)
	c.resize(cached)
}

// apply brings the versions up to date; false if they are of no use any more.
func (u *cachedUIDs) apply(at imap.ModSeq, change uidsChange) bool {
	if change.gone {
		return false
	}
	if len(change.added) == 0 && len(change.removed) == 0 {
		return true
	}
	newest := u.versions[len(u.versions)-1].uids.Append(change.added).Remove(change.removed)
	if len(u.versions) == versionsMax {
		u.versions = slices.Delete(u.versions, 0, 1)
	}
	u.versions = append(u.versions, uidVersion{at, newest})
	return true
}

// follow applies a plan that is about to become visible.
func (c *uidCache) follow(a *account, p *plan) {
	if !slices.ContainsFunc(p.uids, uidsChange.any) {
		return
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if a != nil {
		if len(a.recent.plans) == recentMax {
			a.recent.dropped = a.recent.plans[0].position
			a.recent.plans = slices.Clone(a.recent.plans[1:])
		}
		// Only the UIDs are kept of the plan.
		a.recent.plans = append(a.recent.plans, &plan{position: p.position, uids: p.uids})
	}
	for _, change := range p.uids {
		element := c.boxes[boxID{p.account, change.mailbox}]
		if element == nil {
			continue
		}
		cached := element.Value.(*cachedUIDs)
		if !cached.apply(p.position, change) {
			c.drop(element)
			continue
		}
		c.resize(cached)
	}
}

func (c uidsChange) any() bool { return c.gone || len(c.added) > 0 || len(c.removed) > 0 }

// resize counts what a mailbox takes, and makes room.
func (c *uidCache) resize(cached *cachedUIDs) {
	const overhead = 256
	size := overhead + cached.versions[len(cached.versions)-1].uids.Octets()
	c.size += size - cached.size
	cached.size = size
	for c.size > c.max && c.order.Len() > 1 {
		c.drop(c.order.Back())
	}
}

func (c *uidCache) drop(element *list.Element) {
	cached := c.order.Remove(element).(*cachedUIDs)
	delete(c.boxes, cached.box)
	c.size -= cached.size
}
