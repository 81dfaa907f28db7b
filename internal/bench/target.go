package bench

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// Target is a server to measure.
type Target struct {
	Name     string
	IMAP     string // host:port, clear text; required
	IMAPS    string // host:port, TLS; without it TLS is not measured
	LMTP     string // host:port; without it deliveries are not measured
	Users    string // how the nth account is called, such as "u%04d"
	Domain   string // for recipients; empty: the bare user name
	Password string
	Dir      string // where the server keeps its data, for bytes on disk
	PID      int    // the server's first process, for resident memory
}

// ParseTarget reads "imap=127.0.0.1:143,imaps=…,lmtp=…,dir=…,pid=…,users=…,
// domain=…,name=…", or a lone address, which is that of IMAP.
func ParseTarget(text, password string) (Target, error) {
	target := Target{Users: "u%04d", Password: password}
	if !strings.Contains(text, "=") {
		text = "imap=" + text
	}
	for field := range strings.SplitSeq(text, ",") {
		key, value, _ := strings.Cut(field, "=")
		if err := target.set(key, value); err != nil {
			return target, err
		}
	}
	if target.IMAP == "" {
		return target, errors.New("a target needs imap=HOST:PORT")
	}
	if target.Name == "" {
		target.Name = target.IMAP
	}
	return target, nil
}

func (t *Target) set(key, value string) (err error) {
	switch key {
	case "imap":
		t.IMAP = value
	case "imaps":
		t.IMAPS = value
	case "lmtp":
		t.LMTP = value
	case "users":
		t.Users = value
	case "domain":
		t.Domain = value
	case "name":
		t.Name = value
	case "dir":
		t.Dir = value
	case "pid":
		t.PID, err = strconv.Atoi(value)
	default:
		err = fmt.Errorf("a target has no %q; it has imap, imaps, lmtp, users, domain, name, dir and pid", key)
	}
	return err
}

// CheckLocal returns an error unless every address of the target is on this
// machine: a benchmark is an attack on somebody else's server.
func (t Target) CheckLocal() error {
	for _, address := range []string{t.IMAP, t.IMAPS, t.LMTP} {
		if address == "" {
			continue
		}
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return err
		}
		ip, err := netip.ParseAddr(host)
		if host != "localhost" && (err != nil || !ip.IsLoopback()) {
			return fmt.Errorf("%s is not on this machine; a benchmark is for a server of your own (--remote says that it is)", address)
		}
	}
	return nil
}

func (t Target) user(n int) string { return fmt.Sprintf(t.Users, n) }

func (t Target) recipient(n int) string {
	if t.Domain == "" {
		return t.user(n)
	}
	return t.user(n) + "@" + t.Domain
}
