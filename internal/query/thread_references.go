package query

import (
	"slices"

	"github.com/restante/restante/imap"
)

// referenceThreads is REFERENCES under way (RFC 5256 §3). Nodes are numbered:
// first the messages, by their places, then the dummies. Nothing here recurses,
// and no step costs more than a logarithm for each reference.
type referenceThreads struct {
	*Threader
	count    int32 // of messages
	byID     map[string]int32
	parents  []int32 // noNode is none
	fertile  []bool  // the node has, or had, a child
	forest   forest
	children [][]int32
	roots    []int32
	// ranks are the places of the messages by sent date; keys, of all nodes,
	// what they are sorted by: a dummy by its first child.
	ranks []int32
	keys  []int32
}

func newReferenceThreads(t *Threader) *referenceThreads {
	r := &referenceThreads{Threader: t, count: int32(len(t.messages)), byID: map[string]int32{}}
	for range t.messages {
		r.addNode()
	}
	for place := range r.count { // of two with the same id, the first has it
		own, _ := t.references(place)
		if _, taken := r.byID[own]; own != "" && !taken {
			r.byID[own] = place
		}
	}
	return r
}

func (r *referenceThreads) addNode() int32 {
	r.parents = append(r.parents, noNode)
	r.fertile = append(r.fertile, false)
	r.forest.add()
	return int32(len(r.parents) - 1)
}

func (r *referenceThreads) isDummy(node int32) bool { return node >= r.count }

func (r *referenceThreads) threads() []imap.ThreadNode {
	for place := range r.count {
		r.linkReferences(place) // (1)
	}
	r.rank()
	r.gather()         // (2), (3)
	r.sortRoots()      // (4)
	r.mergeSubjects()  // (5)
	r.sortEverything() // (6)
	return r.list()
}

// linkReferences makes each reference the parent of the next, and the last that
// of the message (step 1).
func (r *referenceThreads) linkReferences(place int32) {
	_, references := r.references(place)
	last := noNode
	for _, id := range references {
		node, known := r.byID[id]
		if !known {
			node = r.addNode()
			r.byID[id] = node
		}
		if last != noNode && r.parents[node] == noNode {
			r.link(node, last)
		}
		last = node
	}
	if r.parents[place] != noNode {
		r.forest.cut(place)
		r.parents[place] = noNode
	}
	if last != noNode {
		r.link(place, last)
	}
}

// link makes a node without a parent the child of another, unless that comes
// from it. What never had a child is nobody's ancestor.
func (r *referenceThreads) link(child, parent int32) {
	if child == parent || r.fertile[child] && r.forest.root(parent) == child {
		return
	}
	r.forest.link(child, parent)
	r.parents[child], r.fertile[parent] = parent, true
}

// rank numbers the messages by sent date.
func (r *referenceThreads) rank() {
	order := r.places()
	slices.SortFunc(order, r.bySentDate)
	r.ranks = make([]int32, r.count)
	for rank, place := range order {
		r.ranks[place] = int32(rank)
	}
}

// gather makes the lists of children without the dummies, whose children go to
// the next message above. A dummy at the top stays if it has several (steps 2
// and 3).
func (r *referenceThreads) gather() {
	above := r.aboveDummies()
	r.children = make([][]int32, len(r.parents))
	for place := range r.count {
		if parent := above[place]; parent != noNode {
			r.children[parent] = append(r.children[parent], place)
		}
	}
	for node := range int32(len(r.parents)) {
		switch {
		case !r.isDummy(node) && above[node] == noNode:
			r.roots = append(r.roots, node)
		case r.isDummy(node) && len(r.children[node]) == 1:
			r.roots = append(r.roots, r.children[node][0])
			r.children[node] = nil
		case r.isDummy(node) && len(r.children[node]) > 1:
			r.roots = append(r.roots, node)
		}
	}
}

// aboveDummies returns for each node the nearest message above it or, if there
// is none, the dummy at the top. Each step of a way is taken once.
func (r *referenceThreads) aboveDummies() []int32 {
	above := make([]int32, len(r.parents))
	done := make([]bool, len(r.parents))
	var way []int32
	for node := range int32(len(r.parents)) {
		way = way[:0]
		for at := node; at != noNode && !done[at]; at = r.dummyParent(at) {
			way = append(way, at)
		}
		for _, at := range slices.Backward(way) {
			above[at], done[at] = r.parents[at], true
			if parent := r.dummyParent(at); parent != noNode && above[parent] != noNode {
				above[at] = above[parent]
			}
		}
	}
	return above
}

// dummyParent returns the parent of a node if that is a dummy.
func (r *referenceThreads) dummyParent(node int32) int32 {
	if parent := r.parents[node]; parent != noNode && r.isDummy(parent) {
		return parent
	}
	return noNode
}

func (r *referenceThreads) byKey(a, b int32) int { return int(r.keys[a]) - int(r.keys[b]) }

// sortRoots orders the tops of the threads (step 4).
func (r *referenceThreads) sortRoots() {
	r.keys = make([]int32, len(r.parents))
	copy(r.keys, r.ranks)
	for _, root := range r.roots {
		if r.isDummy(root) {
			r.sortDummy(root)
		}
	}
	slices.SortFunc(r.roots, r.byKey)
}

// sortDummy orders the children of a dummy, and gives it the key of the first.
func (r *referenceThreads) sortDummy(dummy int32) {
	slices.SortFunc(r.children[dummy], r.byKey)
	r.keys[dummy] = r.keys[r.children[dummy][0]]
}

// first returns the message that a node is known by.
func (r *referenceThreads) first(node int32) int32 {
	if r.isDummy(node) {
		return r.children[node][0]
	}
	return node
}

// mergeSubjects puts threads with the same base subject together (step 5).
func (r *referenceThreads) mergeSubjects() {
	table := r.subjectTable()
	merged := make(map[int32]bool) // no longer at the top
	for _, current := range slices.Clone(r.roots) {
		subject := string(r.subject(r.first(current)))
		if subject == "" || merged[current] || table[subject] == current {
			continue
		}
		entry := table[subject]
		switch {
		case r.isDummy(entry) && r.isDummy(current):
			r.children[entry] = append(r.children[entry], r.children[current]...)
			r.children[current] = nil
		case r.isDummy(entry), r.isReply(current) && !r.isReply(entry):
			r.children[entry] = append(r.children[entry], current)
		default:
			dummy := r.addNode()
			r.children = append(r.children, []int32{entry, current})
			r.keys = append(r.keys, 0)
			r.roots = append(r.roots, dummy)
			merged[entry] = true
			table[subject] = dummy
		}
		merged[current] = true
	}
	r.roots = slices.DeleteFunc(r.roots, func(root int32) bool { return merged[root] })
}

func (r *referenceThreads) isReply(node int32) bool {
	return !r.isDummy(node) && r.messages[node].reply
}

// subjectTable names for each base subject the node that others are merged with
// (step 5B).
func (r *referenceThreads) subjectTable() map[string]int32 {
	table := make(map[string]int32, len(r.roots))
	for _, current := range r.roots {
		subject := string(r.subject(r.first(current)))
		if subject == "" {
			continue
		}
		entry, known := table[subject]
		if !known || !r.isDummy(entry) && (r.isDummy(current) || r.isReply(entry) && !r.isReply(current)) {
			table[subject] = current
		}
	}
	return table
}

// sortEverything orders all siblings by sent date (step 6). A dummy has no
// dummies below it: the order among sets of siblings makes no difference.
func (r *referenceThreads) sortEverything() {
	for node, children := range r.children {
		switch {
		case len(children) == 0:
		case r.isDummy(int32(node)):
			r.sortDummy(int32(node))
		default:
			slices.SortFunc(children, r.byKey)
		}
	}
	slices.SortFunc(r.roots, r.byKey)
}

// list writes the threads down, each message before its children.
func (r *referenceThreads) list() []imap.ThreadNode {
	type waiting struct {
		node   int32
		parent int
	}
	nodes := make([]imap.ThreadNode, 0, len(r.messages))
	var stack []waiting
	for _, root := range slices.Backward(r.roots) {
		stack = append(stack, waiting{root, -1})
	}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		one := imap.ThreadNode{Parent: at.parent}
		if !r.isDummy(at.node) {
			one.Number = uint32(r.messages[at.node].uid)
		}
		nodes = append(nodes, one)
		for _, child := range slices.Backward(r.children[at.node]) {
			stack = append(stack, waiting{child, len(nodes) - 1})
		}
	}
	return nodes
}
