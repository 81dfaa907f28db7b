package bench

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// words make bodies that compress about as mail does.
var words = strings.Fields(`the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first then do any like my now over such our man me even most made after also well did many before must through years where much your way`)

// makeMessage returns a message of about size octets, the same for the same
// seed: common headers and lines of words.
func makeMessage(seed uint64, size int) []byte {
	random := rand.New(rand.NewPCG(seed, 4711))
	var b strings.Builder
	b.Grow(size + 128)
	fmt.Fprintf(&b, "Received: from relay%d.example.org (relay%d.example.org [192.0.2.%d])\r\n\tby mx.example.org with ESMTP id %x;\r\n\tMon, 02 Nov 2026 10:%02d:%02d +0000\r\n",
		random.IntN(9), random.IntN(9), random.IntN(250)+1, random.Uint64(), random.IntN(60), random.IntN(60))
	fmt.Fprintf(&b, "Date: Mon, 02 Nov 2026 10:%02d:%02d +0100\r\n", random.IntN(60), random.IntN(60))
	fmt.Fprintf(&b, "From: %s %s <sender%d@example.net>\r\nTo: Reader <reader@example.org>\r\n", pick(random), pick(random), random.IntN(1000))
	fmt.Fprintf(&b, "Subject: %s %s %s %s\r\nMessage-ID: <%x.%x@example.net>\r\n", pick(random), pick(random), pick(random), pick(random), seed, random.Uint64())
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n")
	for line := 0; b.Len() < size-2; {
		word := pick(random)
		b.WriteString(word)
		if line += len(word) + 1; line > 68 {
			b.WriteString("\r\n")
			line = 0
			continue
		}
		b.WriteByte(' ')
	}
	b.WriteString("\r\n")
	return []byte(b.String())
}

func pick(random *rand.Rand) string { return words[random.IntN(len(words))] }

// makeMessages returns count different messages.
func makeMessages(count, size int) [][]byte {
	messages := make([][]byte, count)
	for i := range messages {
		messages[i] = makeMessage(uint64(i), size)
	}
	return messages
}
