package record

// AppendStrings adds copies of many values to a String or Bytes column that is
// being built: value i is what stands in data up to ends[i], from the end of the
// value before it. The strings of a column must not exceed [MaxStringBytes]
// together.
func (c *Column) AppendStrings(data []byte, ends []int32) {
	base, had, n := len(c.data), c.stored, len(ends)
	if base+len(data) > MaxStringBytes {
		panic("record: the strings of a column exceed 2 GiB")
	}
	if need := base + len(data); need > cap(c.data) {
		c.data = c.pool.Reallocate(max(need, 2*cap(c.data)), c.data)
	}
	c.data = append(c.data[:base], data...)
	c.reserve(n)
	c.stored += n
	if c.encoding != Constant {
		c.rows = c.stored
	}
	if len(c.validity) > 0 {
		c.growValidity(had)
	}
	offsets := c.offsets(c.stored + 1)[had+1:]
	for i, end := range ends {
		offsets[i] = int32(base) + end
	}
}
