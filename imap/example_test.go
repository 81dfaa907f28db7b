package imap_test

import (
	"fmt"

	"github.com/restante/restante/imap"
)

// A set that a client wrote is resolved against the largest number in use before
// its numbers can be asked for.
func ExampleSet_Resolve() {
	set, err := imap.ParseSet[imap.UID]("4:2,9,30:*")
	if err != nil {
		fmt.Println(err)
		return
	}
	known := set.Resolve(31)
	fmt.Println(known, known.Count(), known.Contains(3))
	// Output: 2:4,9,30:31 6 true
}
