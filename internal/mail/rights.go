package mail

import (
	"errors"
	"strings"
)

// Rights is a set of the rights that RFC 4314 §2.1 names: what one user may do
// with one mailbox. The zero value is none. Sets compare with ==.
type Rights uint16

// The rights, by their letters.
const (
	RightLookup         Rights = 1 << iota // l: the mailbox is visible
	RightRead                              // r: it can be opened, and STATUS answers
	RightSeen                              // s: \Seen can be changed
	RightWrite                             // w: flags other than \Seen and \Deleted
	RightInsert                            // i: APPEND, COPY into it
	RightPost                              // p: mail may be sent to its submission address
	RightCreate                            // k: mailboxes can be created below it
	RightDeleteMailbox                     // x: it can be deleted or renamed
	RightDeleteMessages                    // t: \Deleted can be changed
	RightExpunge                           // e: EXPUNGE, and as part of CLOSE
	RightAdminister                        // a: its rights can be changed
	RightAnnotate                          // n: shared annotations can be changed (RFC 5257 §3.5)
)

// AllRights is what the owner of a mailbox has.
const AllRights = RightAnnotate<<1 - 1

// rightLetters are the letters of the rights, from the lowest bit up.
const rightLetters = "lrswipkxtean"

// ErrNotPermitted says that the user lacks a right on a mailbox whose
// existence is no secret to him (RFC 4314 §6, RFC 5530 NOPERM).
var ErrNotPermitted = errors.New("no permission")

// Has reports whether the set holds all of others.
func (r Rights) Has(others Rights) bool { return r&others == others }

// String returns the letters, in the order of RFC 4314 §2.1.
func (r Rights) String() string {
	var letters strings.Builder
	for i, letter := range rightLetters {
		if r&(1<<i) != 0 {
			letters.WriteRune(letter)
		}
	}
	return letters.String()
}
