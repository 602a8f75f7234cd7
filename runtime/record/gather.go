package record

// Gather returns a plain column of the rows at positions, or of all rows where
// positions is nil. The caller owns the result, which is the column itself,
// retained, where that is plain and all of it is wanted.
func (c *Column) Gather(positions []int32) *Column {
	if positions == nil && c.encoding == Plain {
		return c.Retain()
	}
	n := c.rows
	if positions != nil {
		n = len(positions)
	}
	out := c.pool.NewColumn(c.typ, n)
	out.AppendRows(c, positions)
	return out
}

// AppendRows adds the rows of from at positions, or all its rows where
// positions is nil, to a plain column of the same type.
func (c *Column) AppendRows(from *Column, positions []int32) {
	if from.encoding == Plain && positions != nil {
		c.appendStored(from, positions)
		return
	}
	n := from.rows
	if positions != nil {
		n = len(positions)
	}
	buf := c.pool.Allocate(4 * n)
	at := view[int32](buf, n)
	for i := range n {
		row := i
		if positions != nil {
			row = int(positions[i])
		}
		at[i] = int32(from.ValueIndex(row))
	}
	if from.encoding != Dictionary {
		c.appendStored(from, at)
	} else {
		c.appendDictionary(from, at, positions)
	}
	c.pool.Free(buf)
}

// appendDictionary adds the rows of from at positions, whose codes are at.
func (c *Column) appendDictionary(from *Column, at, positions []int32) {
	had := c.stored
	c.appendStored(from.dict, at)
	if !from.HasNulls() {
		return
	}
	for i := range at {
		row := i
		if positions != nil {
			row = int(positions[i])
		}
		if from.IsNull(row) {
			c.SetNull(had + i)
		}
	}
}

// appendStored adds the stored values of from, which is not a dictionary
// column, at the indexes at.
func (c *Column) appendStored(from *Column, at []int32) {
	had, n := c.stored, len(at)
	switch c.typ.Kind {
	case KindString, KindBytes:
		c.appendStrings(from.Strings(), at)
	case KindList:
		c.appendLists(from, at)
	case KindStruct:
		for i, child := range c.children {
			child.appendStored(from.children[i], at)
		}
		c.added(n)
	case KindBool:
		c.Resize(had + n)
		to, bits := c.Bits(), from.Bits()
		for i, j := range at {
			SetBit(to, had+i, BitAt(bits, int(j)))
		}
	case KindRowKind:
		c.Resize(had + n)
		gatherValues(c.RowKinds()[had:], from.RowKinds(), at)
	case KindInt32, KindDate:
		c.Resize(had + n)
		gatherValues(c.Int32s()[had:], from.Int32s(), at)
	case KindDecimal:
		c.Resize(had + n)
		gatherValues(c.Decimals()[had:], from.Decimals(), at)
	default: // 8 bytes wide; the bits are moved whatever they mean
		c.Resize(had + n)
		gatherValues(c.Int64s()[had:], from.Int64s(), at)
	}
	if valid := from.Validity(); valid != nil {
		to := c.AddValidity()
		for i, j := range at {
			SetBit(to, had+i, BitAt(valid, int(j)))
		}
	}
}

func gatherValues[T any](to, from []T, at []int32) {
	for i, j := range at {
		to[i] = from[j]
	}
}

// added counts n values that were stored, none of them null.
func (c *Column) added(n int) {
	had := c.stored
	c.reserve(n)
	c.stored += n
	c.rows = c.stored
	if len(c.validity) > 0 {
		c.growValidity(had)
	}
}

func (c *Column) appendLists(from *Column, at []int32) {
	offsets, size := from.Offsets(), 0
	for _, j := range at {
		size += int(offsets[j+1] - offsets[j])
	}
	buf := c.pool.Allocate(4 * size)
	elements := view[int32](buf, size)
	had, end := c.stored, c.children[0].stored
	c.added(len(at))
	to := c.Offsets()[had+1:]
	size = 0
	for i, j := range at {
		for e := offsets[j]; e < offsets[j+1]; e++ {
			elements[size] = e
			size++
		}
		to[i] = int32(end + size)
	}
	c.children[0].appendStored(from.children[0], elements)
	c.pool.Free(buf)
}

func (c *Column) appendStrings(from Strings, at []int32) {
	size := 0
	for _, j := range at {
		size += int(from.Offsets[j+1] - from.Offsets[j])
	}
	if len(c.data)+size > MaxStringBytes {
		panic("record: the strings of a column exceed 2 GiB")
	}
	if need := len(c.data) + size; need > cap(c.data) {
		c.data = c.pool.Reallocate(max(need, 2*cap(c.data)), c.data)[:len(c.data)]
	}
	had := c.stored
	c.added(len(at))
	offsets := c.offsets(c.stored + 1)[had+1:]
	for i, j := range at {
		c.data = append(c.data, from.At(int(j))...)
		offsets[i] = int32(len(c.data))
	}
}
