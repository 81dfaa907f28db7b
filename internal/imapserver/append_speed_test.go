package imapserver

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// BenchmarkAppend says what an APPEND of 4 KB costs with many connections.
func BenchmarkAppend(b *testing.B) {
	server := startServer(b, nil)
	message := testMessage + strings.Repeat("All work and no play makes Jack a dull boy.\r\n", 90)
	command := fmt.Sprintf("APPEND INBOX {%d+}\r\n%s", len(message), message)
	for _, connections := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(connections), func(b *testing.B) {
			clients := make([]*testClient, connections)
			for i := range clients {
				clients[i] = server.login(fmt.Sprintf("u%04d", i%testAccounts+1))
			}
			b.ResetTimer()
			var group sync.WaitGroup
			for i, c := range clients {
				group.Go(func() {
					for n := i; n < b.N; n += connections {
						c.ok(command)
					}
				})
			}
			group.Wait()
		})
	}
}
