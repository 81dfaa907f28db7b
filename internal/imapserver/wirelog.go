package imapserver

import "io"

// wireLog takes a copy of what goes over one connection, for whoever set
// Options.WireLog. Its zero value takes nothing.
type wireLog struct{ client, server io.WriteCloser }

func (l wireLog) received(p []byte) {
	if l.client != nil {
		_, _ = l.client.Write(p) // a log that fails must not hurt the session
	}
}

func (l wireLog) sent(p []byte) {
	if l.server != nil {
		_, _ = l.server.Write(p)
	}
}

func (l wireLog) close() {
	if l.client != nil {
		_ = l.client.Close()
	}
	if l.server != nil {
		_ = l.server.Close()
	}
}
