package bench

import (
	"fmt"
)

// corpus holds the messages that are sent, made once for all rows.
type corpus struct {
	small, large [][]byte // 4 KB and 50 KB
	bodies       [][]byte // 3 KB, for the mailbox that is read
}

func newCorpus() *corpus {
	return &corpus{makeMessages(256, 4<<10), makeMessages(64, 50<<10), makeMessages(1000, 3000)}
}

func stuffAll(messages [][]byte) [][]byte {
	stuffed := make([][]byte, len(messages))
	for i, message := range messages {
		stuffed[i] = stuff(message)
	}
	return stuffed
}

// deliveries measures durable deliveries, each connection to an account of
// its own.
func deliveries(messages [][]byte) func(Target, int) (worker, error) {
	stuffed := stuffAll(messages)
	return func(target Target, i int) (worker, error) {
		client, err := dialLMTP(target.LMTP)
		if err != nil {
			return worker{}, err
		}
		next, recipient := i, target.recipient(i+1)
		step := func() (float64, error) {
			next++
			return 1, client.deliver(recipient, stuffed[next%len(stuffed)])
		}
		return worker{step, client.close}, nil
	}
}

// appends measures APPEND into a mailbox of each connection's own account.
func appends(messages [][]byte) func(Target, int) (worker, error) {
	return func(target Target, i int) (worker, error) {
		client, err := openMailbox(target, i+1, "bench-append", false)
		if err != nil {
			return worker{}, err
		}
		next := i
		step := func() (float64, error) {
			next++
			return 1, client.append("bench-append", messages[next%len(messages)], true)
		}
		return worker{step, client.close}, nil
	}
}

// openMailbox logs in and makes sure that a mailbox is there.
func openMailbox(target Target, user int, mailbox string, overTLS bool) (*imapClient, error) {
	address := target.IMAP
	if overTLS {
		address = target.IMAPS
	}
	client, err := dialIMAP(address, overTLS)
	if err != nil {
		return nil, err
	}
	if err := client.login(target.user(user), target.Password); err != nil {
		client.close()
		return nil, fmt.Errorf("login as %s: %w", target.user(user), err)
	}
	client.do("CREATE "+mailbox, nil) // it may be there already
	return client, nil
}
