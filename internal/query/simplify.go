package query

import (
	"cmp"
	"slices"
)

// Simplify returns a key with the same answers that costs less: nested lists
// are flat, double negations are gone, sets of one list are one set, what
// always or never matches is settled, and cheap keys come before dear ones.
func Simplify(key Key) Key {
	switch k := key.(type) {
	case And:
		return simplifyAnd(k)
	case Or:
		return simplifyOr(k)
	case Not:
		return negate(Simplify(k.Key))
	case UIDs:
		if len(k.Set) == 0 {
			return None{}
		}
	case Text:
		if k.Pattern.Empty() {
			return All{}
		}
	}
	return key
}

// negate returns the opposite of a simple key.
func negate(key Key) Key {
	switch k := key.(type) {
	case All:
		return None{}
	case None:
		return All{}
	case Not:
		return k.Key
	case HasFlag:
		k.Absent = !k.Absent
		return k
	}
	return Not{key}
}

func simplifyAnd(keys And) Key {
	var out And
	var set *UIDs
	for _, key := range keys {
		simple := Simplify(key)
		inner, isAnd := simple.(And)
		if !isAnd {
			inner = And{simple}
		}
		for _, key := range inner {
			switch k := key.(type) {
			case All:
			case None:
				return None{}
			case UIDs:
				if set != nil {
					k.Set = set.Set.Intersect(k.Set)
				}
				set = &k
			default:
				out = append(out, key)
			}
		}
	}
	if set != nil {
		if len(set.Set) == 0 {
			return None{}
		}
		out = append(out, *set)
	}
	switch len(out) {
	case 0:
		return All{}
	case 1:
		return out[0]
	}
	byTier(out)
	return out
}

func simplifyOr(keys Or) Key {
	var out Or
	var set *UIDs
	for _, key := range keys {
		simple := Simplify(key)
		inner, isOr := simple.(Or)
		if !isOr {
			inner = Or{simple}
		}
		for _, key := range inner {
			switch k := key.(type) {
			case None:
			case All:
				return All{}
			case UIDs:
				if set != nil {
					k.Set = set.Set.Union(k.Set)
				}
				set = &k
			default:
				out = append(out, key)
			}
		}
	}
	if set != nil {
		out = append(out, *set)
	}
	switch len(out) {
	case 0:
		return None{}
	case 1:
		return out[0]
	}
	byTier(out)
	return out
}

// byTier orders keys from cheap to dear.
func byTier(keys []Key) {
	slices.SortStableFunc(keys, func(a, b Key) int { return cmp.Compare(a.Tier(), b.Tier()) })
}
