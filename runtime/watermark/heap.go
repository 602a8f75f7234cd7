package watermark

// heap orders inputs of a combiner by their marks. On top is the one with the least or,
// where it is turned, the one with the greatest.
type heap struct {
	inputs []int32
	turned bool
}

// above reports whether input i belongs above input j.
func (h *heap) above(c *Combiner, i, j int32) bool {
	if h.turned {
		i, j = j, i
	}
	return c.inputs[i].mark < c.inputs[j].mark
}

func (h *heap) put(c *Combiner, place int, i int32) {
	h.inputs[place] = i
	c.inputs[i].place = int32(place)
}

// add adds an input.
func (h *heap) add(c *Combiner, i int32) {
	h.inputs = append(h.inputs, i)
	h.rise(c, len(h.inputs)-1, i)
}

// remove removes the input at a place.
func (h *heap) remove(c *Combiner, place int32) {
	last := h.inputs[len(h.inputs)-1]
	h.inputs = h.inputs[:len(h.inputs)-1]
	if int(place) < len(h.inputs) {
		h.move(c, int(place), last)
	}
}

// move finds the place of an input, from one that has become free.
func (h *heap) move(c *Combiner, place int, i int32) {
	if place > 0 && h.above(c, i, h.inputs[(place-1)/2]) {
		h.rise(c, place, i)
		return
	}
	h.sink(c, place, i)
}

func (h *heap) rise(c *Combiner, place int, i int32) {
	for place > 0 {
		parent := (place - 1) / 2
		if !h.above(c, i, h.inputs[parent]) {
			break
		}
		h.put(c, place, h.inputs[parent])
		place = parent
	}
	h.put(c, place, i)
}

func (h *heap) sink(c *Combiner, place int, i int32) {
	for {
		child := 2*place + 1
		if child >= len(h.inputs) {
			break
		}
		if right := child + 1; right < len(h.inputs) && h.above(c, h.inputs[right], h.inputs[child]) {
			child = right
		}
		if !h.above(c, h.inputs[child], i) {
			break
		}
		h.put(c, place, h.inputs[child])
		place = child
	}
	h.put(c, place, i)
}
