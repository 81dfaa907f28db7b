package auth

import "github.com/xdg-go/stringprep"

// login finds an account by its login name.
func (v *view) login(name string) (principal, bool) {
	a, ok := v.named(name)
	if !ok {
		return principal{}, false
	}
	p, ok := v.accounts[a]
	if ok && p.Shared {
		return principal{}, false // nobody logs in to it
	}
	return p, ok
}

// loginKey is one spelling for all spellings of a login name.
func (v *view) loginKey(name string) string {
	a, ok := v.named(name)
	if !ok {
		return name[:min(len(name), addressMax)]
	}
	return a.String()
}

// named reads a login name: as the account that is called so or, if there is
// none, as the one that is called as SASLprep leaves the name, which is how
// clients of SCRAM send it (RFC 5802 §5.1, RFC 4616 §2).
func (v *view) named(name string) (address, bool) {
	a, err := splitAddress(name)
	if err != nil {
		return address{}, false
	}
	a = v.full(a)
	if _, known := v.accounts[a]; known || isPrintableASCII(name) {
		return a, true
	}
	if prepared, err := stringprep.SASLprep.Prepare(name); err == nil {
		if other, err := splitAddress(prepared); err == nil {
			if _, known := v.accounts[v.full(other)]; known {
				return v.full(other), true
			}
		}
	}
	return a, true
}
