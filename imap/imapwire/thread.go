package imapwire

import (
	"github.com/restante/restante/imap"
)

// Sort writes a SORT response, with the numbers in their order; a ModSeq that is
// not zero is added (RFC 5256 §4, RFC 7162 §3.1.9).
func (e *Encoder) Sort(numbers []uint32, modSeq imap.ModSeq) {
	e.Raw("* SORT")
	for _, n := range numbers {
		e.octet(' ').Number(uint64(n))
	}
	if modSeq != 0 {
		e.Raw(" (MODSEQ ").Number(uint64(modSeq)).octet(')')
	}
	e.CRLF()
}

// Thread writes a THREAD response (RFC 5256 §4). It needs no stack for the
// depth of the threads.
func (e *Encoder) Thread(nodes []imap.ThreadNode) {
	e.Raw("* THREAD")
	if len(nodes) > 0 {
		e.octet(' ')
	}
	children, ends := threadShape(nodes)
	var open []int // the ends of the parentheses that are open
	number := false
	for i, node := range nodes {
		for len(open) > 0 && open[len(open)-1] <= i {
			open, number = open[:len(open)-1], false
			e.octet(')')
		}
		if number {
			e.octet(' ')
		}
		number = false
		if node.Parent < 0 || children[node.Parent] > 1 {
			e.octet('(')
			open = append(open, ends[i])
		}
		if node.Number != 0 {
			e.Number(uint64(node.Number))
			number = true
		}
	}
	for range open {
		e.octet(')')
	}
	e.CRLF()
}

// threadShape returns how many children each message has, and the place behind
// all that comes from it.
func threadShape(nodes []imap.ThreadNode) (children, ends []int) {
	children, ends = make([]int, len(nodes)), make([]int, len(nodes))
	for i := len(nodes) - 1; i >= 0; i-- {
		ends[i] = max(ends[i], i+1)
		if parent := nodes[i].Parent; parent >= 0 {
			children[parent]++
			ends[parent] = max(ends[parent], ends[i])
		}
	}
	return children, ends
}

// sortResponse reads what follows SORT (RFC 7162 §7, sort-data).
func (d *Decoder) sortResponse() imap.Response {
	search := d.searchResponse().(imap.SearchResponse)
	return imap.SortResponse(search)
}

// threadResponse reads what follows THREAD (RFC 5256 §5, thread-data). It needs
// no stack for the depth of the threads; the number of messages is bounded by
// the line.
func (d *Decoder) threadResponse() imap.Response {
	var r imap.ThreadResponse
	if !d.More() {
		return r
	}
	// parents are those of the lists that are open; last is the message that
	// the next number, or list, comes from.
	var parents []int
	last := -1
	for d.err == nil && (d.peek() == '(' || len(parents) > 0) {
		switch {
		case d.accept('('):
			if len(parents) > 0 && last < 0 { // a list that begins with lists
				r.Nodes = append(r.Nodes, imap.ThreadNode{Parent: parents[len(parents)-1]})
				last = len(r.Nodes) - 1
			}
			parents = append(parents, last)
			if isDigit(d.peek()) {
				r.Nodes = append(r.Nodes, imap.ThreadNode{Number: d.NzNumber(), Parent: last})
				last = len(r.Nodes) - 1
			} else if last = -1; d.peek() != '(' {
				d.Fail("a thread has no message")
			}
		case d.accept(')'):
			last = parents[len(parents)-1]
			parents = parents[:len(parents)-1]
		case d.accept(' '):
			if isDigit(d.peek()) {
				r.Nodes = append(r.Nodes, imap.ThreadNode{Number: d.NzNumber(), Parent: last})
				last = len(r.Nodes) - 1
			} else if d.peek() != '(' {
				d.Fail("a message or thread is missing")
			}
		default:
			d.Fail("a list of threads is broken")
		}
	}
	return r
}
