package message

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// typicalMessage is a multipart/alternative of about size octets.
func typicalMessage(size int) []byte {
	const header = "Return-Path: <alice@example.org>\r\n" +
		"Received: from mail.example.org (mail.example.org [192.0.2.1])\r\n" +
		"\tby mx.example.com with ESMTPS id 4XkJ2m1F6Yz3hT;\r\n\tMon, 23 Nov 2026 10:11:12 +0000 (UTC)\r\n" +
		"Date: Mon, 23 Nov 2026 11:11:10 +0100\r\n" +
		"From: Alice Example <alice@example.org>\r\n" +
		"To: Bob Example <bob@example.com>, carol@example.com\r\n" +
		"Subject: =?utf-8?Q?Caf=C3=A9_at_noon?=\r\n" +
		"Message-ID: <4XkJ2m1F6Yz3hT@example.org>\r\nIn-Reply-To: <abc@example.com>\r\n" +
		"References: <abc@example.com> <def@example.com>\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/alternative; boundary=\"----=_Part_1_2\"\r\n\r\n"
	const line = "The quick brown fox jumps over the lazy dog, again and again and again.\r\n"
	text := strings.Repeat(line, max((size-len(header)-300)/2/len(line), 1))
	return []byte(header + "------=_Part_1_2\r\nContent-Type: text/plain; charset=utf-8\r\n" +
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + text +
		"------=_Part_1_2\r\nContent-Type: text/html; charset=utf-8\r\n" +
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + text + "------=_Part_1_2--\r\n")
}

func BenchmarkParse(b *testing.B) {
	for _, size := range []int{4 << 10, 50 << 10, 1 << 20} {
		message := typicalMessage(size)
		b.Run(fmt.Sprintf("%dK", size>>10), func(b *testing.B) {
			b.SetBytes(int64(len(message)))
			b.ReportAllocs()
			for b.Loop() {
				ParseBytes(message)
			}
		})
		b.Run(fmt.Sprintf("%dK/reader", size>>10), func(b *testing.B) {
			b.SetBytes(int64(len(message)))
			b.ReportAllocs()
			for b.Loop() {
				Parse(bytes.NewReader(message), int64(len(message)))
			}
		})
	}
}

func BenchmarkBinary(b *testing.B) {
	s := ParseBytes(typicalMessage(4 << 10))
	form := AppendBinary(nil, s)
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			form = AppendBinary(form[:0], s)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			DecodeBinary(form)
		}
	})
}

func BenchmarkTransfer(b *testing.B) {
	for _, encoding := range []string{"base64", "quoted-printable"} {
		body := bytes.Repeat([]byte("VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIHRoZSBsYXp5IGRvZywgYWdhaW4gYW5k\r\n"), 1000)
		b.Run(encoding, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				TransferSize(bytes.NewReader(body), encoding)
			}
		})
	}
}
