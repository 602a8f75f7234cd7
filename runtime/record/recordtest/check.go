package recordtest

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// CheckBatch reports where a batch is not what readers rely on.
func CheckBatch(b *record.Batch) error {
	for i, c := range b.Columns {
		if err := check(c, b.Physical()); err != nil {
			return fmt.Errorf("column %q: %w", b.Schema.Field(i).Name, err)
		}
	}
	for _, slot := range []*record.Column{b.EventTime, b.RowWatermark, b.RowKinds} {
		if slot != nil && slot.Len() != b.Physical() {
			return fmt.Errorf("a hidden slot has %d rows of %d", slot.Len(), b.Physical())
		}
	}
	rows := b.Selection()
	if !slices.IsSorted(rows) || len(rows) > 0 && (rows[0] < 0 || int(rows[len(rows)-1]) >= b.Physical()) {
		return fmt.Errorf("rows %v of %d are selected", rows, b.Physical())
	}
	return nil
}

// Check reports where a column is not what readers rely on: see [record.Column].
func Check(c *record.Column) error { return check(c, c.Len()) }

func check(c *record.Column, rows int) error {
	switch {
	case c.Len() != rows:
		return fmt.Errorf("it has %d rows of %d", c.Len(), rows)
	case c.Encoding() == record.Dictionary:
		return checkDictionary(c)
	}
	return checkStored(c, end(c))
}

func checkDictionary(c *record.Column) error {
	dict := c.Dictionary()
	if dict.Encoding() != record.Plain {
		return fmt.Errorf("its dictionary is not plain")
	}
	for row, code := range c.Codes() {
		if code < 0 || int(code) >= dict.Len() {
			return fmt.Errorf("row %d has value %d of a dictionary of %d", row, code, dict.Len())
		}
		if dict.IsNull(int(code)) && !c.IsNull(row) {
			return fmt.Errorf("row %d is not null, and has a value of the dictionary that is", row)
		}
	}
	return checkStored(dict, dict.Len())
}

// checkStored checks n stored values.
func checkStored(c *record.Column, n int) error {
	switch c.Type().Kind {
	case record.KindString, record.KindBytes:
		return checkOffsets(c.Strings().Offsets, len(c.Strings().Data))
	case record.KindList:
		if err := checkOffsets(c.Offsets(), c.Elements().Len()); err != nil {
			return err
		}
		return check(c.Elements(), c.Elements().Len())
	case record.KindStruct:
		return checkFields(c, n)
	}
	return nil
}

func checkOffsets(offsets []int32, size int) error {
	if offsets[0] != 0 || !slices.IsSorted(offsets) || int(offsets[len(offsets)-1]) > size {
		return fmt.Errorf("its offsets into %d are %v", size, offsets)
	}
	return nil
}

func checkFields(c *record.Column, n int) error {
	for f := range c.Type().Fields() {
		child := c.Child(f)
		if err := check(child, n); err != nil {
			return fmt.Errorf("field %d: %w", f, err)
		}
		for i := range n {
			if isNull(c, i) && !child.IsNull(i) {
				return fmt.Errorf("value %d is null, and its field %d is not", i, f)
			}
		}
	}
	return nil
}

// isNull reports whether stored value i of a column that is no dictionary is null.
func isNull(c *record.Column, i int) bool {
	valid := c.Validity()
	return valid != nil && !record.BitAt(valid, i)
}
