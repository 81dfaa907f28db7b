package imapwire

// DecodeCompress reads the argument of COMPRESS, the name of an algorithm in
// upper case (RFC 4978 §5).
func DecodeCompress(d *Decoder) (string, error) {
	d.SP()
	algorithm := d.word()
	return algorithm, d.End()
}

// EncodeCompress writes the argument of COMPRESS.
func EncodeCompress(e *Encoder, algorithm string) { e.SP().Raw(algorithm) }
