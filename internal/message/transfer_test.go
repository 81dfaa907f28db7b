package message

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime/quotedprintable"
	"strings"
	"testing"
	"testing/iotest"
)

func decodeTransfer(t testing.TB, encoding string, r io.Reader) string {
	t.Helper()
	decoded, err := NewTransferReader(r, encoding)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(decoded)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The encodings of RFC 2045, clean and as real mail has them.
func TestTransferReader(t *testing.T) {
	for _, test := range []struct{ encoding, body, want string }{
		{"7bit", "a=3D\r\n", "a=3D\r\n"},
		{"binary", "a\x00b", "a\x00b"},
		{"base64", "SGVsbG8=", "Hello"},
		{"base64", "SGVs\r\nbG8=\r\n", "Hello"},
		{"base64", "SG Vs-bG*8", "Hello"},
		{"base64", "SGVsbG8=SGVsbG8=", "HelloHello"},
		{"base64", "SGVsbG8==\r\n--\r\n", "Hello"},
		{"base64", "S", ""},
		{"base64", "====", ""},
		{"quoted-printable", "caf=E9=20=3D\r\n", "caf\xe9 =\r\n"},
		{"quoted-printable", "soft=\r\nbreak= \t\r\nhere", "softbreakhere"},
		{"quoted-printable", "trailing \t\r\nspace  ", "trailing\r\nspace"},
		{"quoted-printable", "bad =XY =e9 =4", "bad =XY \xe9 =4"},
		{"quoted-printable", "end=", "end"},
		{"quoted-printable", "bare\nlf=\nsoft", "bare\nlfsoft"},
	} {
		for _, r := range []io.Reader{
			strings.NewReader(test.body), iotest.OneByteReader(strings.NewReader(test.body)),
		} {
			if got := decodeTransfer(t, test.encoding, r); got != test.want {
				t.Errorf("%s %q: got %q, want %q", test.encoding, test.body, got, test.want)
			}
		}
	}
	if _, err := NewTransferReader(nil, "x-uuencode"); !errors.Is(err, ErrUnknownEncoding) {
		t.Errorf("unknown encoding: %v", err)
	}
}

// What a failing reader says is passed on, by reading and by counting.
func TestTransferReaderFails(t *testing.T) {
	broken := errors.New("broken")
	for _, encoding := range []string{"7bit", "base64", "quoted-printable"} {
		if _, err := TransferSize(iotest.ErrReader(broken), encoding); !errors.Is(err, broken) {
			t.Errorf("%s: size: %v", encoding, err)
		}
		r, _ := NewTransferReader(iotest.ErrReader(broken), encoding)
		if _, err := io.ReadAll(r); !errors.Is(err, broken) {
			t.Errorf("%s: read: %v", encoding, err)
		}
	}
}

// Whatever is encoded comes back, across chunks, and the size agrees with the
// octets however the body is read.
func FuzzTransfer(f *testing.F) {
	f.Add([]byte("hello"), uint16(1))
	f.Add([]byte("caf\xe9 = \t\r\n\r\n  x"), uint16(3000))
	f.Fuzz(func(t *testing.T, data []byte, times uint16) {
		if len(data) > 0 {
			data = bytes.Repeat(data, min(int(times), 20<<10/len(data))+1)
		}
		encoded := base64.StdEncoding.EncodeToString(data)
		if got := decodeTransfer(t, "base64", strings.NewReader(encoded)); got != string(data) {
			t.Fatalf("base64 of %q is decoded as %q", data, got)
		}
		var quoted bytes.Buffer
		w := quotedprintable.NewWriter(&quoted)
		w.Binary = true
		w.Write(data)
		w.Close()
		if got := decodeTransfer(t, "quoted-printable", &quoted); got != string(data) {
			t.Fatalf("quoted-printable of %q is decoded as %q", data, got)
		}
		for _, encoding := range []string{"7bit", "base64", "quoted-printable"} {
			got := decodeTransfer(t, encoding, iotest.HalfReader(bytes.NewReader(data)))
			size, err := TransferSize(bytes.NewReader(data), encoding)
			if err != nil || size != int64(len(got)) {
				t.Fatalf("%s of %q: size %d (%v), %d octets", encoding, data, size, err, len(got))
			}
		}
	})
}
