package transcript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// usersMax is how many users one case may have.
const usersMax = 3

// parseUsers reads which connections are other users': B=2 C=3.
func parseUsers(value string) (map[string]int, error) {
	users := map[string]int{}
	for _, word := range strings.Fields(value) {
		name, number, _ := strings.Cut(word, "=")
		n, err := strconv.Atoi(number)
		if err != nil || n < 2 || n > usersMax || name == "" || name == mainConnection {
			return nil, fmt.Errorf("users: write B=2 C=3, not %q", word)
		}
		users[name] = n
	}
	return users, nil
}

// users returns how many users a case has.
func (c *Case) users() int {
	most := 1
	for _, n := range c.Users {
		most = max(most, n)
	}
	return most
}

// namesOthers reports whether a case names mailboxes of other users, for which the
// server must have a namespace.
func (c *Case) namesOthers() bool {
	named := func(text string) bool { return strings.Contains(strings.ReplaceAll(text, "{", ""), "$others") }
	return slices.ContainsFunc(c.steps, func(s step) bool {
		return named(s.text) || slices.ContainsFunc(s.expects, func(e expectation) bool { return named(e.text) })
	})
}

// accountsOf returns the accounts of one of the workers that play cases at
// once: the first for itself, and others that no case has as its first.
func (s *Suite) accountsOf(worker, width int) []Account {
	var accounts []Account
	for i := worker; i < len(s.Server.Accounts) && len(accounts) < usersMax; i += width {
		accounts = append(accounts, s.Server.Accounts[i])
	}
	return accounts
}

// accountOf returns the account as which a connection logs in.
func (r *caseRun) accountOf(connection string) Account {
	if n := r.c.Users[connection]; n > 0 {
		return r.others[n-2]
	}
	return r.account
}

// setUsers sets $user2, $password2 and so on, and $others: the prefix of the
// names of other users' mailboxes.
func (r *caseRun) setUsers() {
	for i, account := range r.others {
		r.vars[fmt.Sprintf("user%d", i+2)] = escape(account.User)
		r.vars[fmt.Sprintf("password%d", i+2)] = escape(account.Password)
	}
	r.vars["others"] = escape(r.profile.other)
}
