package imapwire

import "github.com/restante/restante/imap"

// DecodeSetACL reads the arguments of SETACL (RFC 4314 §3.1). Which rights
// there are is not looked at.
func DecodeSetACL(d *Decoder) (imap.ACLRequest, error) {
	r := d.aclRequest()
	d.SP()
	r.Rights = d.AString()
	return r, d.End()
}

// DecodeACLIdentifier reads the arguments of DELETEACL and LISTRIGHTS
// (RFC 4314 §3.2, §3.4). Those of GETACL and MYRIGHTS are read by
// DecodeMailbox.
func DecodeACLIdentifier(d *Decoder) (imap.ACLRequest, error) {
	r := d.aclRequest()
	return r, d.End()
}

func (d *Decoder) aclRequest() imap.ACLRequest {
	var r imap.ACLRequest
	d.SP()
	r.Mailbox = d.Mailbox()
	d.SP()
	r.Identifier = d.AString()
	return r
}

// EncodeSetACL writes the arguments of SETACL.
func EncodeSetACL(e *Encoder, r imap.ACLRequest) {
	EncodeACLIdentifier(e, r)
	e.SP().AString(r.Rights)
}

// EncodeACLIdentifier writes the arguments of DELETEACL and LISTRIGHTS.
func EncodeACLIdentifier(e *Encoder, r imap.ACLRequest) {
	e.SP().Mailbox(r.Mailbox).SP().AString(r.Identifier)
}

// ACL writes an ACL response (RFC 4314 §3.6).
func (e *Encoder) ACL(data *imap.ACLData) {
	e.Raw("* ACL ").Mailbox(data.Mailbox)
	for _, entry := range data.Entries {
		e.SP().AString(entry.Identifier).SP().AString(entry.Rights)
	}
	e.CRLF()
}

// ListRights writes a LISTRIGHTS response (RFC 4314 §3.7).
func (e *Encoder) ListRights(data *imap.ListRightsData) {
	e.Raw("* LISTRIGHTS ").Mailbox(data.Mailbox).SP().AString(data.Identifier).SP().AString(data.Required)
	for _, rights := range data.Optional {
		e.SP().AString(rights)
	}
	e.CRLF()
}

// MyRights writes a MYRIGHTS response (RFC 4314 §3.8).
func (e *Encoder) MyRights(data *imap.MyRightsData) {
	e.Raw("* MYRIGHTS ").Mailbox(data.Mailbox).SP().AString(data.Rights).CRLF()
}

func (d *Decoder) aclData() imap.ACLData {
	var data imap.ACLData
	d.SP()
	data.Mailbox = d.Mailbox()
	d.rest("entries of an access control list", func() {
		entry := imap.ACLEntry{Identifier: d.AString()}
		d.SP()
		entry.Rights = d.AString()
		data.Entries = append(data.Entries, entry)
	})
	return data
}

func (d *Decoder) listRightsData() imap.ListRightsData {
	r := d.aclRequest()
	data := imap.ListRightsData{Mailbox: r.Mailbox, Identifier: r.Identifier}
	d.SP()
	data.Required = d.AString()
	d.rest("rights", func() { data.Optional = append(data.Optional, d.AString()) })
	return data
}

func (d *Decoder) myRightsData() imap.MyRightsData {
	var data imap.MyRightsData
	d.SP()
	data.Mailbox = d.Mailbox()
	d.SP()
	data.Rights = d.AString()
	return data
}
