package store

import (
	"encoding/hex"
	"reflect"
	"testing"

	"github.com/restante/restante/internal/mail"
)

// The record of a quota is written as it ever was; a later version's may limit
// more resources.
func TestQuotaRecord(t *testing.T) {
	want := commit{Unix: 1, Records: []record{
		mail.QuotaChanged{Own: mail.OwnQuota{Set: 11, Limits: mail.Quota{mail.LimitOf(mail.LimitMax), mail.LimitOf(0), 0, mail.LimitOf(299)}}},
		mail.QuotaChanged{},
	}}
	const golden = "01020213" + "10" + "0b" + "04" + "80808080808080808001" + "01" + "00" + "ac02" + "13" + "06" + "00" + "04" + "00000000"
	got, err := appendCommit(nil, want)
	if err != nil || hex.EncodeToString(got) != golden {
		t.Fatalf("%x %v", got, err)
	}
	if read, err := decodeCommit(got); err != nil || !reflect.DeepEqual(read, want) {
		t.Errorf("%+v %v", read, err)
	}
	later, _ := hex.DecodeString("01020113" + "07" + "00" + "05" + "0001020309")
	read, err := decodeCommit(later)
	if err != nil || !reflect.DeepEqual(read.Records, []record{mail.QuotaChanged{Own: mail.OwnQuota{Limits: mail.Quota{0, 1, 2, 3}}}}) {
		t.Errorf("of a later version: %+v %v", read, err)
	}
}
