package query

// forest is a set of trees, of which it tells the root of any node in
// logarithmic time, while links are made and broken: the test for loops in
// THREAD must not cost the depth of a thread, which senders choose. It is a
// link-cut tree: paths are kept in splay trees, ordered by depth.
type forest struct{ left, right, up []int32 }

const noNode = int32(-1)

// add makes one more node, alone.
func (f *forest) add() {
	f.left = append(f.left, noNode)
	f.right = append(f.right, noNode)
	f.up = append(f.up, noNode)
}

// isTop reports whether a node is the top of its splay tree.
func (f *forest) isTop(x int32) bool {
	p := f.up[x]
	return p == noNode || f.left[p] != x && f.right[p] != x
}

// rotate puts a node in the place of the one above it in its splay tree.
func (f *forest) rotate(x int32) {
	p := f.up[x]
	g, top := f.up[p], f.isTop(p)
	var moved int32
	if f.left[p] == x {
		moved = f.right[x]
		f.left[p], f.right[x] = moved, p
	} else {
		moved = f.left[x]
		f.right[p], f.left[x] = moved, p
	}
	if moved != noNode {
		f.up[moved] = p
	}
	f.up[p], f.up[x] = x, g
	switch {
	case top:
	case f.left[g] == p:
		f.left[g] = x
	default:
		f.right[g] = x
	}
}

// splay makes a node the top of its splay tree.
func (f *forest) splay(x int32) {
	for !f.isTop(x) {
		p := f.up[x]
		if !f.isTop(p) {
			if g := f.up[p]; (f.left[g] == p) == (f.left[p] == x) {
				f.rotate(p)
			} else {
				f.rotate(x)
			}
		}
		f.rotate(x)
	}
}

// access makes the path from the root to a node one splay tree, with the node
// on top and nothing to its right.
func (f *forest) access(x int32) {
	below := noNode
	for at := x; at != noNode; at = f.up[at] {
		f.splay(at)
		f.right[at] = below
		below = at
	}
	f.splay(x)
}

// root returns the root of the tree that a node is in.
func (f *forest) root(x int32) int32 {
	f.access(x)
	for f.left[x] != noNode {
		x = f.left[x]
	}
	f.splay(x)
	return x
}

// link makes a root the child of a node of another tree.
func (f *forest) link(root, parent int32) {
	f.access(root)
	f.up[root] = parent
}

// cut takes a node with all that is below it from its parent.
func (f *forest) cut(x int32) {
	f.access(x)
	if above := f.left[x]; above != noNode {
		f.up[above], f.left[x] = noNode, noNode
	}
}
