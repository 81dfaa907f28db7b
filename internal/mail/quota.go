package mail

import (
	"errors"
	"fmt"

	"github.com/restante/restante/imap"
)

// Resource is something of which an account has only so much (RFC 9208 §5).
// The values are written to disk: a new one goes to the end.
type Resource uint8

// The resources.
const (
	ResourceStorage           Resource = iota // octets of all messages
	ResourceMessage                           // messages
	ResourceMailbox                           // mailboxes
	ResourceAnnotationStorage                 // octets of the annotations of messages
	ResourceCount                             // how many there are
)

// Resources yields every resource.
func Resources(yield func(Resource) bool) {
	for r := Resource(0); r < ResourceCount && yield(r); r++ {
	}
}

// Name returns the resource's word at the wire.
func (r Resource) Name() imap.QuotaResource {
	return [ResourceCount]imap.QuotaResource{
		imap.QuotaStorage, imap.QuotaMessage, imap.QuotaMailbox, imap.QuotaAnnotationStorage,
	}[r]
}

// blockOctets is the unit of limits on what is counted in octets (RFC 9208
// §5.1, §5.4).
const blockOctets = 1024

// Limit is how much of a resource there may be, in the units of RFC 9208 §5:
// 1024 octets, messages or mailboxes. The zero value is no limit.
type Limit uint64

// LimitMax is the largest limit (RFC 9208 §3.1.2).
const LimitMax = 1<<63 - 1

// LimitOf makes a limit of n units, which 0 is, too.
func LimitOf(n uint64) Limit { return Limit(min(n, LimitMax)) + 1 }

// Max returns how many units there may be, if that is limited.
func (l Limit) Max() (units uint64, limited bool) {
	if l == 0 {
		return 0, false
	}
	return uint64(l - 1), true
}

// lower returns the lower of two limits.
func (l Limit) lower(other Limit) Limit {
	if l == 0 || other != 0 && other < l {
		return other
	}
	return l
}

// Quota is the limits of an account, one for each resource.
type Quota [ResourceCount]Limit

// Within returns the lower of both limits of each resource.
func (q Quota) Within(other Quota) Quota {
	for r := range Resources {
		q[r] = q[r].lower(other[r])
	}
	return q
}

// Usage is what an account uses of each resource, in octets, messages and
// mailboxes. Removed messages that are still kept do not count.
type Usage [ResourceCount]uint64

// Units returns what is used of a resource in the units of limits, rounded up.
func (u Usage) Units(r Resource) uint64 {
	switch r {
	case ResourceStorage, ResourceAnnotationStorage:
		return u[r]/blockOctets + (u[r]%blockOctets+blockOctets-1)/blockOctets
	}
	return u[r]
}

// Plus returns the sum of two usages.
func (u Usage) Plus(other Usage) Usage {
	for r := range Resources {
		u[r] += other[r]
	}
	return u
}

// Exceeded returns a resource of which more is used than may be.
func (q Quota) Exceeded(u Usage) (Resource, bool) {
	for r := range Resources {
		if units, limited := q[r].Max(); limited && u.Units(r) > units {
			return r, true
		}
	}
	return 0, false
}

// Admit says whether usage may change from one to another: it may always
// shrink, and grow within its limits. The error is an OverQuota.
func (q Quota) Admit(account AccountID, from, to Usage) error {
	for r := range Resources {
		if units, limited := q[r].Max(); limited && to[r] > from[r] && to.Units(r) > units {
			return &OverQuota{account, r}
		}
	}
	return nil
}

// ErrOverQuota says that something would take an account beyond its quota.
var ErrOverQuota = errors.New("over quota")

// OverQuota is an ErrOverQuota that says whose quota it is, and on what.
type OverQuota struct {
	Account  AccountID
	Resource Resource
}

func (e *OverQuota) Error() string { return fmt.Sprintf("%v on %s", ErrOverQuota, e.Resource.Name()) }

// Is makes the error an ErrOverQuota.
func (e *OverQuota) Is(other error) bool { return other == ErrOverQuota }

// CheckRoom says whether an account has room for more: an OverQuota before
// anything was received for it. The commit decides again.
func CheckRoom(account AccountID, state State, more Usage) error {
	return state.Quota().Admit(account, state.Usage(), state.Usage().Plus(more))
}

// ResourceSet is a set of resources, one bit for each.
type ResourceSet uint64

// AllResources is the set of all.
const AllResources ResourceSet = 1<<ResourceCount - 1

// With returns the set with one more resource.
func (s ResourceSet) With(r Resource) ResourceSet { return s | 1<<r }

// Has reports whether a resource is in the set.
func (s ResourceSet) Has(r Resource) bool { return s&(1<<r) != 0 }

// OwnQuota is the limits that an account has of its own. On resources that
// are not Set it has those that the server gives to accounts without.
type OwnQuota struct {
	Set    ResourceSet
	Limits Quota
}

// Over returns the limits that hold where others are the server's.
func (o OwnQuota) Over(standard Quota) Quota {
	for r := range Resources {
		if o.Set.Has(r) {
			standard[r] = o.Limits[r]
		}
	}
	return standard
}

// QuotaChanged replaces the limits that an account has of its own.
type QuotaChanged struct{ Own OwnQuota }

func (QuotaChanged) record() {}

// ChangeQuota sets the limits that an account has of its own, from those it
// had. Nothing is lost if they are lower than what is used: only growth is
// refused.
func ChangeQuota(change func(OwnQuota) OwnQuota) Decision {
	return func(state State) (Effects, error) {
		return Effects{Records: []Record{QuotaChanged{change(state.OwnQuota())}}}, nil
	}
}
