package convert

import (
	"container/list"
	"sync"
)

// outcome is a conversion that was done: its result, or why there is none.
type outcome struct {
	result *Result
	err    *Error
}

// failed returns the error as one that is nil if there is none.
func (o *outcome) failed() error {
	if o.err == nil {
		return nil
	}
	return o.err
}

func (o *outcome) octets() int {
	if o.result == nil {
		return 0
	}
	return len(o.result.Octets)
}

// cache keeps the outcomes that were used last (RFC 5259 §8.5). The zero value is
// empty.
type cache struct {
	mutex   sync.Mutex
	entries map[string]*list.Element
	order   list.List // of *cached; the newest first
	octets  int
}

type cached struct {
	key     string
	outcome *outcome
}

func (c *cache) get(key string) *outcome {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	element, ok := c.entries[key]
	if !ok {
		return nil
	}
	c.order.MoveToFront(element)
	return element.Value.(*cached).outcome
}

func (c *cache) put(key string, o *outcome) {
	if key == "" {
		return
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if _, ok := c.entries[key]; ok {
		return
	}
	if c.entries == nil {
		c.entries = map[string]*list.Element{}
	}
	c.entries[key] = c.order.PushFront(&cached{key, o})
	c.octets += o.octets()
	for c.octets > cacheOctetsMax || len(c.entries) > cacheEntriesMax {
		last := c.order.Back()
		old := c.order.Remove(last).(*cached)
		delete(c.entries, old.key)
		c.octets -= old.outcome.octets()
	}
}
