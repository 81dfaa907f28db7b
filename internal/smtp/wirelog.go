package smtp

import "io"

// wireLog takes a copy of what goes over one connection in clear text; its
// zero value takes nothing. There are no credentials in these protocols here.
type wireLog struct{ client, server io.WriteCloser }

func (l wireLog) received(p []byte, secure bool) {
	if l.client != nil && !secure {
		_, _ = l.client.Write(p) // a log that fails must not hurt the session
	}
}

func (l wireLog) sent(p []byte, secure bool) {
	if l.server != nil && !secure {
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
