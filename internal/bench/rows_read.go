package bench

import (
	"fmt"
)

const (
	// readMailbox holds the messages that the reading rows read; all their
	// connections are of the first account.
	readMailbox  = "bench-read"
	readMessages = 10_000
)

// fillReadMailbox brings the mailbox to read to its size, if it is not there.
func fillReadMailbox(target Target, messages [][]byte, progress func(done, total int)) error {
	client, err := openMailbox(target, 1, readMailbox, false)
	if err != nil {
		return err
	}
	defer client.close()
	if _, err := client.do("SELECT "+readMailbox, nil); err != nil {
		return err
	}
	got, err := client.do("UID FETCH 1:* (UID)", nil)
	if err != nil {
		return err
	}
	for count := got.untagged; count < readMessages; count++ {
		if err := client.append(readMailbox, messages[count%len(messages)], true); err != nil {
			return err
		}
		progress(count+1, readMessages)
	}
	return nil
}

// command measures one command that every connection repeats; count says what
// one of them counts for.
func command(overTLS bool, text func(i, n int) string, count func(reply) float64) func(Target, int) (worker, error) {
	return func(target Target, i int) (worker, error) {
		client, err := openMailbox(target, 1, readMailbox, overTLS)
		if err != nil {
			return worker{}, err
		}
		if _, err := client.do("SELECT "+readMailbox, nil); err != nil {
			client.close()
			return worker{}, err
		}
		n := 0
		step := func() (float64, error) {
			n++
			got, err := client.do(text(i, n), nil)
			return count(got), err
		}
		return worker{step, client.close}, nil
	}
}

func always(text string) func(i, n int) string { return func(int, int) string { return text } }

func once(reply) float64          { return 1 }
func responses(got reply) float64 { return float64(got.untagged) }
func megabytes(got reply) float64 { return float64(got.literals) / 1e6 }
func allMessages(reply) float64   { return readMessages }
func sign(n int) byte             { return "+-"[n%2] }
func storeOne(i, n int) string {
	return fmt.Sprintf("STORE %d %cFLAGS (\\Flagged)", 1+(i*131+n/2)%readMessages, sign(n))
}
func storeSilent(i, n int) string {
	return fmt.Sprintf("STORE 1:* %cFLAGS.SILENT (bench%d)", sign(n), i)
}
func storeLoud(i, n int) string     { return fmt.Sprintf("STORE 1:* %cFLAGS (bench%d)", sign(n), i) }
func searchSubject(_, n int) string { return "SEARCH SUBJECT \"" + words[n%len(words)] + "\"" }
