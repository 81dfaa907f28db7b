package imapwire

import "github.com/restante/restante/imap"

// conversionResponse reads what follows CONVERSION (RFC 5259 §10, conversion-data).
func (d *Decoder) conversionResponse() imap.Response {
	var c imap.Conversion
	d.SP()
	c.From = d.mediaType()
	d.SP()
	c.To = d.mediaType()
	if d.More() {
		d.List(false, func() { c.Params = append(c.Params, d.AString()) })
	}
	return imap.ConversionResponse{Conversion: c}
}

// convertedResponse reads what follows CONVERTED (RFC 5259 §10, message-data).
func (d *Decoder) convertedResponse(number uint32) imap.Response {
	r := imap.ConvertedResponse{Number: number}
	d.SP()
	d.expect('(', "a correlator is missing")
	if !d.acceptWord("TAG") {
		d.Fail("TAG is missing")
	}
	d.SP()
	r.Tag = d.AString()
	d.expect(')', "a closing parenthesis is missing")
	d.SP()
	d.List(false, func() { r.Values = append(r.Values, d.convertedValue()) })
	return r
}

func (d *Decoder) convertedValue() imap.ConvertedValue {
	var v imap.ConvertedValue
	v.Item = d.convertItem()
	if v.Item.Kind == imap.ConvertBinary && d.accept('<') {
		v.HasOrigin, v.Item.Partial = true, imap.Partial{Offset: d.Number64()}
		d.expect('>', "an origin octet does not end")
	}
	d.SP()
	if d.err == nil && hasFold(d.text[d.pos:], "(ERROR ") && v.Item.Kind != imap.ConvertUID {
		v.Error = d.convertError()
		return v
	}
	switch v.Item.Kind {
	case imap.ConvertUID:
		v.Number = uint64(d.NzNumber())
	case imap.ConvertBinarySize:
		v.Number = d.Number64()
	case imap.ConvertStructure:
		v.BodyStructure = d.bodyStructure()
	case imap.ConvertAvailable:
		d.expect('(', "a list in parentheses is missing")
		v.Types = []string{}
		d.List(true, func() { v.Types = append(v.Types, d.mediaType()) })
		d.expect(')', "a closing parenthesis is missing")
	default:
		v.Content = d.content()
	}
	return v
}

// convertError reads converterror-phrase.
func (d *Decoder) convertError() *imap.ConvertError {
	d.pos += len("(ERROR ")
	fault := &imap.ConvertError{Text: d.String()}
	d.SP()
	fault.Code = imap.ConvertErrorCode(d.word())
	switch fault.Code {
	case imap.ConvertTempFail:
		if d.More() {
			fault.Minutes = d.NzNumber()
		}
	case imap.ConvertBadParameters, imap.ConvertMissingParameters:
		d.SP()
		for d.err == nil && len(fault.Conversions) < d.limits.ItemsMax {
			fault.Conversions = append(fault.Conversions, d.failedConversion(fault.Code == imap.ConvertMissingParameters))
			if !d.More() {
				break
			}
		}
	default:
		d.Fail("a reason of ERROR is not known")
	}
	d.expect(')', "a closing parenthesis is missing")
	return fault
}

// failedConversion reads the types of a conversion and its parameters, or their
// names, which follow with or without a space (RFC 5259 §9, §10).
func (d *Decoder) failedConversion(names bool) imap.FailedConversion {
	var failed imap.FailedConversion
	if d.peek() == '"' || names || !d.acceptWord("NIL") {
		failed.From = d.mediaType()
	}
	d.SP()
	failed.To = d.mediaType()
	if d.err != nil || !hasFold(d.text[d.pos:], " (") && d.peek() != '(' {
		if names {
			d.Fail("the parameters that are missing are not named")
		}
		return failed
	}
	d.accept(' ')
	if names {
		d.List(false, func() { failed.Params = append(failed.Params, imap.Param{Name: d.AString()}) })
	} else {
		failed.Params = d.convertParams()
	}
	return failed
}
