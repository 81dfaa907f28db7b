package transcript

import (
	"bufio"
	"compress/flate"
	"errors"
	"io"
)

// compress asks for COMPRESS DEFLATE and speaks compressed from then on
// (RFC 4978 §3). Everything that is written is flushed, and everything that
// the server has flushed must be readable at once: a response that the server
// holds back is one that never came.
func (s *session) compress() error {
	if _, err := s.line("COMPRESS DEFLATE"); err != nil {
		return err
	}
	if s.in.Buffered() > 0 {
		return errors.New("octets came with the OK of COMPRESS that are not its own")
	}
	deflater, err := flate.NewWriter(s.net, flate.DefaultCompression)
	if err != nil {
		return err
	}
	s.in = bufio.NewReaderSize(flate.NewReader(s.net), 32<<10)
	s.out = bufio.NewWriterSize(flushing{deflater}, 32<<10)
	s.inbox = nil
	return nil
}

// flushing deflates what is written, and sends all of it.
type flushing struct{ to *flate.Writer }

func (f flushing) Write(p []byte) (int, error) {
	n, err := f.to.Write(p)
	if err == nil {
		err = f.to.Flush()
	}
	return n, err
}

var _ io.Writer = flushing{}
