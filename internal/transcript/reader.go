package transcript

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// responseMax bounds one response in octets, so that a server gone mad
// cannot fill the judge's memory.
const responseMax = 64 << 20

// readRaw reads one response: lines up to CRLF, and the literals that the
// lines announce (RFC 9051 §2.2.2, §4.3).
func readRaw(in *bufio.Reader) (rawResponse, error) {
	var r rawResponse
	total := 0
	for {
		line, err := readLine(in)
		if err != nil {
			return r, err
		}
		total += len(line)
		head, size, binary, ok := literalCount(line)
		if !ok {
			r.lines = append(r.lines, line)
			return r, nil
		}
		if total += size; total > responseMax {
			return r, errors.New("a response of more than 64 MiB")
		}
		data := make([]byte, size)
		if _, err := io.ReadFull(in, data); err != nil {
			return r, fmt.Errorf("in a literal of %d octets: %w", size, err)
		}
		r.lines = append(r.lines, head)
		r.literals = append(r.literals, literalValue{string(data), binary})
	}
}

func readLine(in *bufio.Reader) (string, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		if err == io.EOF && line != "" {
			return line, fmt.Errorf("the connection ends within the line %q: %w", fold(line), io.ErrUnexpectedEOF)
		}
		return line, err
	}
	text, ok := strings.CutSuffix(line, "\r\n")
	if !ok {
		return line, fmt.Errorf("the line %q does not end in CRLF (RFC 9051 §2.2)", fold(line))
	}
	return text, nil
}

// literalCount splits a line that ends in {n} or ~{n}. A server's literals
// never carry "+" (RFC 9051 §9). A status response's text may end in "}", so
// that only a real count at the end, behind a space or a bracket, is one.
func literalCount(line string) (head string, size int, binary, ok bool) {
	rest, ok := strings.CutSuffix(line, "}")
	if !ok {
		return line, 0, false, false
	}
	i := strings.LastIndexByte(rest, '{')
	if i < 0 || !isNumber(rest[i+1:]) || len(rest)-i > 11 || isStatusLine(line) {
		return line, 0, false, false
	}
	size, err := strconv.Atoi(rest[i+1:])
	if err != nil {
		return line, 0, false, false
	}
	head = rest[:i]
	head, binary = strings.CutSuffix(head, "~")
	return head, size, binary, true
}

// isStatusLine reports "tag OK ..." and its kin, and "+".
func isStatusLine(line string) bool {
	tag, rest, _ := strings.Cut(line, " ")
	name, _, _ := strings.Cut(rest, " ")
	return tag == "+" || isStatusName(strings.ToUpper(name))
}
