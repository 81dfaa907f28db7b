package pop3server

import (
	"errors"
	"strconv"
)

// stat is STAT (RFC 1939 §5). Messages marked as deleted do not count.
func (s *session) stat([]string) error {
	count, total := 0, int64(0)
	err := s.box.each(s.server.context, func(it item) error {
		size, err := s.box.wireSize(it)
		if err != nil {
			return err
		}
		count++
		total += size
		return nil
	})
	if err != nil {
		return err
	}
	s.replyf("%d %d", count, total)
	return nil
}

// list is LIST (RFC 1939 §5).
func (s *session) list(arguments []string) error {
	if len(arguments) == 1 {
		it, err := s.item(arguments[0])
		if err != nil {
			return err
		}
		size, err := s.box.wireSize(it)
		if err != nil {
			return err
		}
		s.replyf("%d %d", it.position+1, size)
		return nil
	}
	s.reply("Scan listing follows")
	return s.lines(func(line []byte, it item) ([]byte, error) {
		size, err := s.box.wireSize(it)
		return strconv.AppendInt(line, size, 10), err
	})
}

// uidl is UIDL (RFC 1939 §7).
func (s *session) uidl(arguments []string) error {
	if len(arguments) == 1 {
		position, err := s.box.position(arguments[0])
		if err != nil {
			return err
		}
		s.replyf("%d %d.%d", position+1, s.box.validity, s.box.uids.At(position))
		return nil
	}
	s.reply("Unique-id listing follows")
	for position := range s.box.uids.Len() {
		if s.box.marked.Has(position) {
			continue
		}
		line := strconv.AppendInt(s.conn.output.AvailableBuffer(), int64(position)+1, 10)
		line = append(line, ' ')
		line = strconv.AppendUint(line, uint64(s.box.validity), 10)
		line = append(line, '.')
		line = strconv.AppendUint(line, uint64(s.box.uids.At(position)), 10)
		line = append(line, '\r', '\n')
		if _, err := s.conn.output.Write(line); err != nil {
			return err
		}
	}
	s.endList()
	return nil
}

// lines writes one line for each message. The reply has begun, so that an
// error can only end the session: half a list must not look like a whole one.
func (s *session) lines(value func([]byte, item) ([]byte, error)) error {
	err := s.box.each(s.server.context, func(it item) error {
		line := strconv.AppendInt(make([]byte, 0, 64), int64(it.position)+1, 10)
		line, err := value(append(line, ' '), it)
		if err != nil {
			return err
		}
		_, err = s.conn.output.Write(append(line, '\r', '\n'))
		return err
	})
	if err != nil {
		s.log.Error("list was cut off", "error", err)
		return errEnd
	}
	s.endList()
	return nil
}

// item finds the message that an argument names.
func (s *session) item(argument string) (item, error) {
	position, err := s.box.position(argument)
	if err != nil {
		return item{}, err
	}
	return s.box.item(s.server.context, position)
}

// retrieve is RETR (RFC 1939 §5).
func (s *session) retrieve(arguments []string) error {
	it, err := s.item(arguments[0])
	if err != nil {
		return err
	}
	size, err := s.box.wireSize(it)
	if err != nil {
		return err
	}
	if err := s.send(it, strconv.FormatInt(size, 10)+" octets", -1); err != nil {
		return err
	}
	s.taken++
	return nil
}

// top is TOP: the header and so many lines of the body (RFC 1939 §7).
func (s *session) top(arguments []string) error {
	lines, err := strconv.ParseUint(arguments[1], 10, 31)
	if err != nil {
		return refuse("That is not a number of lines")
	}
	it, err := s.item(arguments[0])
	if err != nil {
		return err
	}
	return s.send(it, "Top of message follows", int(lines))
}

// send writes a message, or as many lines of its body. What fails after the
// reply has begun ends the session: a message that is cut off must not look
// like a whole one.
func (s *session) send(it item, text string, lines int) error {
	body, err := s.box.bodies.Open(it.body)
	if err != nil {
		return err
	}
	buffer := s.server.buffers.Get().(*[bufferSize]byte)
	defer s.server.buffers.Put(buffer)
	writer := lineWriter{to: s.conn.output, lines: lines}
	begun := false
	err = readBody(body, buffer[:], func(p []byte) error {
		if !begun {
			begun = true
			s.reply(text)
		}
		return writer.write(p)
	})
	if err != nil && !errors.Is(err, errEnough) {
		if !begun {
			return err
		}
		s.log.Error("message was cut off", "error", err)
		return errEnd
	}
	if !begun {
		s.reply(text) // an empty message
	}
	s.sent += writer.octets
	return writer.close()
}

// remove is DELE (RFC 1939 §5): a mark until QUIT.
func (s *session) remove(arguments []string) error {
	position, err := s.box.position(arguments[0])
	switch {
	case err != nil:
		return err
	case s.box.readOnly:
		return refuse("Nothing can be removed from this maildrop")
	}
	s.box.marked.Add(position)
	s.reply("Message is marked as deleted")
	return nil
}

// reset is RSET: it takes all marks away (RFC 1939 §5).
func (s *session) reset([]string) error {
	s.box.marked.Clear()
	s.reply("No message is marked as deleted")
	return nil
}

// noop is NOOP (RFC 1939 §5).
func (s *session) noop([]string) error {
	s.reply("Nothing done")
	return nil
}
