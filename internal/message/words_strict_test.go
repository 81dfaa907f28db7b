package message

import "testing"

// Texts that are valid in a charset that is known are decoded, and the octets of the
// others are told.
func TestDecodeWordsStrictly(t *testing.T) {
	for _, test := range []struct {
		text, decoded string
		ok            bool
	}{
		{"", "", true},
		{"plain é", "plain é", true},
		{"plain \xe9", "plain \xe9", false},
		{"=?koi8-r?Q?=E1?= a", "А a", true},
		{"=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "é", true},
		{"=?utf-8?Q?=C3?= a", "\xc3 a", false},
		{"=?x-nobody-knows?B?YQ==?=", "a", false},
		{"=?utf-8?Q?a?= \xe9", "a \xe9", false},
		{"=?gb2312?Q?=FF?=", "\xff", false},
	} {
		decoded, ok := DecodeWordsStrictly(test.text)
		if decoded != test.decoded || ok != test.ok {
			t.Errorf("%q: %q, %v; want %q, %v", test.text, decoded, ok, test.decoded, test.ok)
		}
	}
}
