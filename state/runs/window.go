package runs

// depth is how many chunks are on their way from the disk at once. Sixteen keep a disk busy,
// but not while the goroutine that looks through them waits for the processor.
const depth = 32

// window is the next chunks that a search needs: they are read ahead, as far as their reader
// can do that, and looked through in order.
type window struct {
	slots  []slot // up to twice depth: between chunks on their way there are others
	first  int    // the oldest
	filled int    // how many there are from there on
	coming int    // of them are on their way
}

// slot is a chunk that is on its way.
type slot struct {
	number     int
	begin, end int // the keys that may be in it
	buffer     []byte
	here       bool // its bytes are in buffer
}

func (w *window) memory() int {
	n := 0
	for i := range w.slots {
		n += cap(w.slots[i].buffer)
	}
	return n
}

// push returns the slot behind the last one.
func (w *window) push() *slot {
	if w.filled == len(w.slots) {
		w.grow()
	}
	w.filled++
	return &w.slots[(w.first+w.filled-1)%len(w.slots)]
}

// grow makes a slot, behind the last one.
func (w *window) grow() {
	n := len(w.slots)
	w.slots = append(append(append(make([]slot, 0, n+1), w.slots[w.first:]...), w.slots[:w.first]...), slot{})
	w.first = 0
}

// pop takes the oldest slot out.
func (w *window) pop() *slot {
	s := &w.slots[w.first]
	w.first, w.filled = (w.first+1)%len(w.slots), w.filled-1
	if !s.here {
		w.coming--
	}
	return s
}

// read looks the keys up in the chunks where they may be.
func (s *Search) read(run Run, found func(int32, []byte, []byte) error) error {
	w := &s.window
	w.filled, w.coming = 0, 0
	for next := 0; ; {
		next = s.begin(run, next)
		if w.filled == 0 {
			return nil
		}
		if err := s.look(run, w.pop(), found); err != nil {
			return err
		}
	}
}

// begin fills the window with the chunks of keys from next on, and returns behind which it
// has come. A chunk that is here while no other is on its way is looked through first.
func (s *Search) begin(run Run, next int) int {
	reader, _ := run.Chunks.(NowReader)
	w := &s.window
	for w.coming < depth && w.filled < 2*depth {
		first, end := s.group(next)
		if first == end {
			break
		}
		c := run.Meta.Chunk(int(s.sought[first].chunk))
		if w.filled > 0 && c.Length > chunkBytes {
			break // one that is long at a time
		}
		next = end
		slot := w.push()
		slot.number, slot.begin, slot.end = c.Number, first, end
		slot.here = reader != nil && reader.ReadNow(c, slot.room(c))
		if !slot.here {
			w.coming++
		}
		if reader == nil || w.coming == 0 {
			break
		}
	}
	return next
}

// group returns which keys from one on are in the next chunk that is needed, if any is.
// Others, which are in no chunk, may lie among them.
func (s *Search) group(from int) (begin, end int) {
	for from < len(s.sought) && s.sought[from].chunk < 0 {
		from++
	}
	end = from
	for i := from; i < len(s.sought); i++ {
		switch chunk := s.sought[i].chunk; {
		case chunk == s.sought[from].chunk:
			end = i + 1
		case chunk >= 0:
			return from, end
		}
	}
	return from, end
}

// room returns the buffer for a chunk.
func (s *slot) room(c Chunk) []byte {
	if cap(s.buffer) < c.Length {
		s.buffer = make([]byte, max(c.Length, chunkBytes))
	}
	return s.buffer[:c.Length]
}

// look reads a chunk, unless it is here already, and looks its keys up in it.
func (s *Search) look(run Run, from *slot, found func(int32, []byte, []byte) error) (err error) {
	c := run.Meta.Chunk(from.number)
	content := from.room(c)
	if !from.here {
		content, err = run.Chunks.ReadChunk(c, content)
	}
	if err == nil {
		err = c.check(content)
	}
	if cap(from.buffer) > longBytes {
		from.buffer = nil
	}
	if err != nil {
		return run.at(c, err)
	}
	scan := scan{content: content, layout: s.layout}
	for i := from.begin; i < from.end; i++ {
		want := &s.sought[i]
		if want.chunk < 0 {
			continue
		}
		is, err := scan.find(want, s.key(want))
		if err != nil {
			return run.at(c, err)
		}
		if !is {
			continue
		}
		want.chunk = told
		if !scan.entry.deleted {
			if err := found(want.number, scan.entry.key, scan.entry.value); err != nil {
				return err
			}
		}
	}
	return nil
}

// longBytes is the length of a buffer that is not kept: it is for an entry that is much
// longer than most.
const longBytes = 16 * chunkBytes
