package journal

import "fmt"

// stream writes a unit whose bodies are not all in memory, in pieces. Head and
// meta are written last, so that what an unreadable content leaves behind is no
// unit, and is written over by the next.
func (w *writer) stream(p *pending, at int64) (contentErr, err error) {
	if w.piece == nil {
		w.piece = make([]byte, 0, pieceSize)
	}
	buf := *p.buf
	head := unitHeadSize + int(p.head.metaSize)
	out := pieces{w: w, at: at + int64(head), buf: w.piece[:0]}
	from := head
	for i := range p.stream {
		s := &p.stream[i]
		if err := out.write(buf[from:s.behind]); err != nil {
			return nil, err
		}
		from = s.behind
		if contentErr, err = out.content(s, w.Embedded.seed); contentErr != nil || err != nil {
			return contentErr, err
		}
	}
	if err := out.write(buf[from:]); err != nil {
		return nil, err
	}
	if err := out.flush(); err != nil {
		return nil, err
	}
	if out.at != at+p.size {
		panic(fmt.Sprintf("journal: unit of %d octets was written as %d", p.size, out.at-at))
	}
	_, err = w.file.WriteAt(buf[:head], at)
	return nil, err
}

// pieces gathers octets for the file and writes them pieceSize at a time.
type pieces struct {
	w    *writer
	at   int64 // in the file, behind what was flushed
	buf  []byte
	sums []byte
}

func (o *pieces) flush() error {
	if len(o.buf) == 0 {
		return nil
	}
	_, err := o.w.file.WriteAt(o.buf, o.at)
	o.at += int64(len(o.buf))
	o.buf = o.buf[:0]
	return err
}

func (o *pieces) write(b []byte) error {
	for len(b) > 0 {
		n := min(len(b), cap(o.buf)-len(o.buf))
		o.buf = append(o.buf, b[:n]...)
		b = b[n:]
		if len(o.buf) == cap(o.buf) {
			if err := o.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// content copies a body's content, block by block, and its sums behind it.
func (o *pieces) content(s *stream, seed uint32) (contentErr, err error) {
	o.sums = o.sums[:0]
	for at := int64(0); at < s.size; {
		n := int(min(s.size-at, blockSize))
		if cap(o.buf)-len(o.buf) < n {
			if err := o.flush(); err != nil {
				return nil, err
			}
		}
		b := o.buf[len(o.buf) : len(o.buf)+n]
		if err := readFull(s.content, b, at); err != nil {
			return err, nil
		}
		o.sums = appendSums(o.sums, b, seed)
		o.buf = o.buf[:len(o.buf)+n]
		at += int64(n)
	}
	return nil, o.write(o.sums)
}
