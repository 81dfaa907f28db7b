package convert

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

var (
	errTooSlow = errors.New("the conversion takes too long")
	errBusy    = errors.New("too many conversions at once")
)

// Result is a converted part.
type Result struct {
	Type   string // in lower case
	Params []message.Param
	Octets []byte
}

// Converter converts parts, a few at a time, and remembers what it made. Its
// methods may be called at the same time.
type Converter struct {
	turns chan struct{}
	cache cache
	wait  time.Duration
	work  time.Duration
}

// New returns a converter that uses at most half of the machine's processors.
func New() *Converter {
	return &Converter{turns: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)), wait: waitTime, work: workTime}
}

// Convert converts a part of the message r. key names the part among all there
// are, the account among them, and lets the result be kept; it is "" for what is
// not to be kept. The error is an *Error, or ctx's.
func (c *Converter) Convert(ctx context.Context, key string, part *message.Part, r io.ReaderAt, request *Request) (*Result, error) {
	from := part.Type + "/" + part.Subtype
	to, o, bad := request.resolve(from)
	if bad != nil {
		return nil, bad
	}
	if key != "" {
		key += "\x00" + request.Key(from)
		if known := c.cache.get(key); known != nil {
			return known.result, known.failed()
		}
	}
	result, err := c.take(ctx, &job{part: part, message: r, from: canonical(from), to: to, options: o})
	if err == nil {
		c.cache.put(key, &outcome{result: result})
		return result, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	told := request.explain(err, from)
	if told.Code != imap.ConvertTempFail {
		c.cache.put(key, &outcome{err: told})
	}
	return nil, told
}

// take waits for a turn and converts.
func (c *Converter) take(ctx context.Context, j *job) (*Result, error) {
	waiting, stop := context.WithTimeout(ctx, c.wait)
	defer stop()
	select {
	case c.turns <- struct{}{}:
		defer func() { <-c.turns }()
	case <-waiting.Done():
		return nil, errBusy
	}
	var cancel context.CancelFunc
	j.ctx, cancel = context.WithTimeout(ctx, c.work)
	defer cancel()
	result, err := j.run()
	if err == nil && len(result.Octets) > resultMax {
		err = errTooLarge
	}
	if err != nil && j.ctx.Err() != nil {
		err = errTooSlow
	}
	return result, err
}

var errTooLarge = &failure{text: "The result is too large"}

// job is one conversion under way.
type job struct {
	ctx      context.Context
	part     *message.Part
	message  io.ReaderAt
	from, to string
	options
}

// run converts. A fault in a decoder is the part's fault: it must not reach other
// messages (RFC 5259 §13).
func (j *job) run() (result *Result, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			result, err = nil, failBecause("The part cannot be read", fmt.Errorf("panic: %v", fault))
		}
	}()
	if strings.HasPrefix(j.from, "image/") {
		return j.image()
	}
	return j.text()
}

// read returns the part's octets without their transfer encoding.
func (j *job) read(limit int64) ([]byte, error) {
	if j.part.Body.Len() > 2*limit {
		return nil, fail("The part is too large to be converted")
	}
	decoded, err := j.part.OpenDecoded(j.message)
	if err != nil {
		return nil, failBecause("The part has a transfer encoding that is not known", err)
	}
	return j.readAll(decoded, limit)
}

func (j *job) readAll(r io.Reader, limit int64) ([]byte, error) {
	octets, err := io.ReadAll(io.LimitReader(&cancelledReader{j.ctx, r}, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(octets)) > limit {
		return nil, fail("The part is too large to be converted")
	}
	return octets, nil
}

// cancelledReader ends a decoder when its time is over.
type cancelledReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancelledReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// boundedWriter takes a result, up to its limit, and ends an encoder when its time
// is over.
type boundedWriter struct {
	ctx    context.Context
	octets []byte
}

func (b *boundedWriter) Write(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	if len(b.octets)+len(p) > resultMax {
		return 0, errTooLarge
	}
	b.octets = append(b.octets, p...)
	return len(p), nil
}
