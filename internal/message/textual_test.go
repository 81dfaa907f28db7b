package message

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// textual returns a message with its binary parts encoded.
func textual(t testing.TB, text string) (string, error) {
	t.Helper()
	r := strings.NewReader(text)
	s, err := Parse(r, int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	parts, err := BinaryParts(s, r)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := WriteTextual(&out, s, r, parts); err != nil {
		t.Fatal(err)
	}
	return out.String(), nil
}

// The aim: exactly the parts that hold NUL are encoded, in base64, and their headers
// say so once; all else stays as it is.
func TestTextual(t *testing.T) {
	const (
		mixed  = "Content-Type: multipart/mixed; boundary=b\r\n"
		digest = "Content-Type: multipart/digest; boundary=b\r\n"
		inText = "Content-Transfer-Encoding: base64\r\nMIME-Version: 1.0\r\n\r\n"
	)
	for name, test := range map[string]struct{ text, want string }{
		"nothing":           {"A: b\r\n\r\nc\r\n", "A: b\r\n\r\nc\r\n"},
		"NUL in the header": {"A: b\x00\r\n\r\nc\r\n", "A: b\x00\r\n\r\nc\r\n"},
		"no fields": {
			"A: b\r\n\r\na\x00", "A: b\r\nContent-Transfer-Encoding: base64\r\nMIME-Version: 1.0\r\n\r\nYQA=\r\n",
		},
		"no header": {"\x00", "Content-Transfer-Encoding: base64\r\nMIME-Version: 1.0\r\n\r\nAA==\r\n"},
		"fields in any form": {
			"mime-version:1.0\nCONTENT-transfer-encoding :\n\tbinary\nB: c\nContent-Transfer-Encoding: 8bit\n\na\x00",
			"mime-version:1.0\nContent-Transfer-Encoding: base64\r\nB: c\n\r\nYQA=\r\n",
		},
		"one of several parts": {
			mixed + "\r\npre\x00\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n\r\n\x00\r\n\r\n--b\r\n\r\n--b--\r\nepi\x00",
			mixed + "\r\npre\x00\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAA0K\r\n--b\r\n\r\n--b--\r\nepi\x00",
		},
		"within a message": {
			mixed + "\r\n--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\n\r\nSubject: x\r\n\r\n\x00\r\n--b--\r\n",
			mixed + "\r\n--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\n\r\nSubject: x\r\nContent-Transfer-Encoding: base64\r\nMIME-Version: 1.0\r\n\r\nAA==\r\n--b--\r\n",
		},
		"a message without a header in a digest": {
			digest + "\r\n--b\r\n\tx\x00\r\n--b\r\nFrom a\r\n\ty\x00\r\n--b\r\nFrom a\n\r\n\tz\x00",
			digest + "\r\n--b\r\n\r\n" + inText + "CXgA\r\n--b\r\nFrom a\r\n\r\n" + inText + "CXkA\r\n--b\r\nFrom a\n\r\n" + inText + "CXoA\r\n",
		},
		"encoded badly": {
			"MIME-Version: 1.0\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=41\x00=\r\nb",
			"MIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\nQQBi\r\n",
		},
		"lines of 76": {
			"MIME-Version: 1.0\r\n\r\n" + strings.Repeat("\x00", 58),
			"MIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\n" + strings.Repeat("A", 76) + "\r\nAA==\r\n",
		},
		"a long line in the header": {
			"MIME-Version: 1.0\r\nX: " + strings.Repeat("content-transfer-encoding: ", 1000) + "\r\n\r\n\x00",
			"MIME-Version: 1.0\r\nX: " + strings.Repeat("content-transfer-encoding: ", 1000) + "\r\nContent-Transfer-Encoding: base64\r\n\r\nAA==\r\n",
		},
	} {
		if got, err := textual(t, test.text); err != nil || got != test.want {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, test.want)
		}
	}
	for name, text := range map[string]string{
		"signed":                "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n\x00\r\n--b--\r\n",
		"within what is signed": "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nA: b\r\n\r\n\x00\r\n--b--\r\n",
		"unknown encoding":      "Content-Transfer-Encoding: x-other\r\n\r\n\x00",
		"encoded container":     mixed + "Content-Transfer-Encoding: base64\r\n\r\n--b\r\n\r\n\x00\r\n--b--\r\n",
		"no delimiter":          mixed + "\r\n\x00",
		"message/partial":       "Content-Type: message/partial\r\n\r\n\x00",
	} {
		if got, err := textual(t, text); !errors.Is(err, ErrNotTextual) {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

// leaves describes the leaves of a message: number, type and decoded body.
func leaves(t testing.TB, text string) []string {
	t.Helper()
	s := ParseBytes([]byte(text))
	var all []string
	s.Walk(func(path []uint32, p *Part) bool {
		if p.IsMultipart() || p.Message != nil {
			all = append(all, fmt.Sprint(path, p.Type, p.Subtype))
			return true
		}
		r, err := p.OpenDecoded(strings.NewReader(text))
		if err != nil {
			r = p.Open(strings.NewReader(text))
		}
		body, _ := io.ReadAll(r)
		all = append(all, fmt.Sprintf("%v %s/%s %q", path, p.Type, p.Subtype, body))
		return true
	})
	return all
}

// The aim: whatever message comes with whatever NUL, its parts have the same numbers,
// types and decoded octets afterwards, and no leaf holds NUL.
func TestTextualLosesNothing(t *testing.T) {
	const seed = 3516
	random := rand.New(rand.NewPCG(seed, 0))
	files, err := filepath.Glob("../../testdata/messages/*.eml")
	if err != nil || len(files) == 0 {
		t.Fatal("no messages", err)
	}
	encoded := 0
	for _, file := range files {
		octets, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			text := bytes.Clone(octets)
			for range 1 + random.IntN(3) {
				if len(text) > 0 {
					text[random.IntN(len(text))] = 0
				}
			}
			got, err := textual(t, string(text))
			if errors.Is(err, ErrNotTextual) {
				continue
			}
			encoded++
			was, is := leaves(t, string(text)), leaves(t, got)
			if strings.Join(was, "\n") != strings.Join(is, "\n") {
				t.Fatalf("%s, seed %d: %q\nwas %q\nis %q", file, seed, text, was, is)
			}
			if parts, err := BinaryParts(ParseBytes([]byte(got)), strings.NewReader(got)); err != nil || len(parts) > 0 {
				t.Fatalf("%s, seed %d: NUL is left: %v", file, seed, err)
			}
		}
	}
	if encoded < len(files) {
		t.Errorf("only %d of %d messages were encoded", encoded, 4*len(files))
	}
}
