package imap

import "strings"

// Resolve reads a URL that may be relative to this one, which must say its
// server or begin with a slash (RFC 5092 §7, RFC 3986 §5.2). The result has the
// form of the base, or, if the reference names a server, is absolute.
//
// Parameters are part of the path. One in front stands for itself and what
// follows it, so that ";UID=20" is a message of the base's mailbox and
// ";SECTION=1.4" a part of the base's message, as the examples of §9 have it,
// whether or not the base ends in a slash.
func (u URL) Resolve(reference string) (URL, error) {
	if strings.HasPrefix(reference, "/") && !strings.HasPrefix(reference, "//") {
		return u.withPath(reference)
	}
	if reference == "" { // RFC 3986 §4.4: the same document
		return u, nil
	}
	if at := strings.IndexAny(reference, ":/?;"); at >= 0 && reference[at] == ':' || strings.HasPrefix(reference, "//") {
		absolute, err := ParseURL(reference)
		absolute.Form = URLAbsolute
		return absolute, err
	}
	if u.Form == URLRelativePath {
		return URL{}, urlError("the base is relative itself")
	}
	if strings.HasPrefix(reference, ";") {
		return u.withParameters(reference)
	}
	base := "/" + u.path()
	base, _, _ = strings.Cut(base, "?")
	return u.withPath(base[:strings.LastIndexByte(base, '/')+1] + reference)
}

// withPath returns the base's server with another path.
func (u URL) withPath(path string) (URL, error) {
	other, err := ParseURL(path)
	if err != nil {
		return URL{}, err
	}
	other.Form, other.User, other.Auth, other.Host, other.Port = u.Form, u.User, u.Auth, u.Host, u.Port
	return other, nil
}

// withParameters returns the base with other parameters: what comes before the
// first of them stays.
func (u URL) withParameters(reference string) (URL, error) {
	kept := URL{Form: URLAbsolutePath, Mailbox: u.Mailbox, UIDValidity: u.UIDValidity}
	first, _ := urlParameterOf(reference[1:])
	switch {
	case u.Mailbox == "":
		return URL{}, urlError("the base has no mailbox")
	case first < urlParameterUID || first > urlParameterPartial:
		return URL{}, urlError("a parameter is not known, or stands in the wrong place")
	}
	if first > urlParameterUID {
		kept.UID = u.UID
	}
	if first > urlParameterSection {
		kept.Section = u.Section
	}
	return u.withPath(kept.String() + "/" + reference)
}

func hasDotSegments(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// removeDotSegments is that of RFC 3986 §5.2.4, for a path that begins with a
// slash. A slash that only the dots leave at the end is taken away too: by
// RFC 5092 §9.1, "/foo/;UID=20/.." is "/foo".
func removeDotSegments(path string) string {
	if !hasDotSegments(path) {
		return path
	}
	var kept []string
	for segment := range strings.SplitSeq(path[1:], "/") {
		switch segment {
		case ".":
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
		default:
			kept = append(kept, segment)
		}
	}
	return "/" + strings.Join(kept, "/")
}
