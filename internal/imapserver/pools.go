package imapserver

import (
	"bufio"
	"sync"

	"github.com/klauspost/compress/flate"
)

// pools are the buffers that sessions borrow while they work; an idle session
// has none.
type pools struct{ inputs, outputs, deflaters sync.Pool }

func newPools() *pools {
	p := new(pools)
	p.inputs.New = func() any { return bufio.NewReaderSize(nil, inputSize) }
	p.outputs.New = func() any {
		buffer := make([]byte, 0, outputSize)
		return &buffer
	}
	p.deflaters.New = func() any {
		writer, _ := flate.NewWriter(nil, deflateLevel) // the level is valid
		return writer
	}
	return p
}

func (p *pools) deflater() *flate.Writer      { return p.deflaters.Get().(*flate.Writer) }
func (p *pools) giveDeflater(w *flate.Writer) { p.deflaters.Put(w) }

func (p *pools) input() *bufio.Reader      { return p.inputs.Get().(*bufio.Reader) }
func (p *pools) giveInput(r *bufio.Reader) { p.inputs.Put(r) }
func (p *pools) output() []byte            { return *p.outputs.Get().(*[]byte) }
func (p *pools) giveOutput(buffer []byte) {
	if cap(buffer) >= outputSize && cap(buffer) <= 2*outputSize {
		p.outputs.Put(&buffer)
	}
}
