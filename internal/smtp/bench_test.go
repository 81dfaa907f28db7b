package smtp

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/restante/restante/internal/vfs"
)

// BenchmarkLMTP delivers durably to a store on the disk.
func BenchmarkLMTP(b *testing.B) {
	for _, size := range []int{4 << 10, 50 << 10} {
		line := strings.Repeat("0123456789abcdef", 4) + "abcdefghij\r\n"
		message := "From: a@b.example\r\nTo: u1@example.org\r\nSubject: bench\r\n\r\n" + strings.Repeat(line, size/len(line))
		for _, connections := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("%dKB/%d", size>>10, connections), func(b *testing.B) {
				r := newRigOn(b, vfs.OS(), b.TempDir(), asLMTP)
				clients := make([]*client, connections)
				for i := range clients {
					clients[i] = r.hello()
				}
				b.SetBytes(int64(len(message)))
				b.ResetTimer()
				var wait sync.WaitGroup
				for i, c := range clients {
					wait.Go(func() {
						to := fmt.Sprintf("u%d@example.org", 1+i%3)
						for n := i; n < b.N; n += connections {
							c.send("MAIL FROM:<a@b.example>\r\nRCPT TO:<" + to + ">\r\nDATA\r\n")
							c.want("250", "250", "354")
							c.send(message + ".\r\n")
							c.want("250")
						}
					})
				}
				wait.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
			})
		}
	}
}
