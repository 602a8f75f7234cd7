package text

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// joinRows is ||, which is NULL where an argument is.
func joinRows(c *kernel.RowCall, rows []int32) {
	left, right := c.Args[0], c.Args[1]
	for _, row := range rows {
		c.Text = append(append(c.Text, left.Text(row)...), right.Text(row)...)
		c.Put(row)
	}
}

// concatRows joins the arguments that are not NULL.
func concatRows(c *kernel.RowCall, rows []int32) {
	for _, row := range rows {
		for i := range c.Args {
			if a := &c.Args[i]; !a.IsNull(row) {
				c.Text = append(c.Text, a.Text(row)...)
			}
		}
		c.Put(row)
	}
}

// concatWithRows joins the arguments behind the first that are not NULL, with the
// first between them.
func concatWithRows(c *kernel.RowCall, rows []int32) {
	for _, row := range rows {
		if c.Args[0].IsNull(row) {
			c.Null(row)
			continue
		}
		separator := []byte(nil)
		for i := range c.Args[1:] {
			if a := &c.Args[1+i]; !a.IsNull(row) {
				c.Text = append(append(c.Text, separator...), a.Text(row)...)
				separator = c.Args[0].Text(row)
			}
		}
		c.Put(row)
	}
}

// overloads are the overloads of || for texts and bytes.
var overloads = map[string][]kernel.Overload{
	"||": {
		{Params: texts2, Result: record.String, Build: kernel.EachRow(joinRows)},
		{Params: types{record.Bytes, record.Bytes}, Result: record.Bytes, Build: kernel.EachRow(joinRows)},
	},
}
