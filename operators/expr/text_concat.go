package expr

import "github.com/weirstream/weir/runtime/record"

// joinRows is ||, which is NULL where an argument is.
func joinRows(c *rowCall, rows []int32) {
	left, right := c.args[0], c.args[1]
	for _, row := range rows {
		c.text = append(append(c.text, left.text(row)...), right.text(row)...)
		c.put(row)
	}
}

// concatRows joins the arguments that are not NULL.
func concatRows(c *rowCall, rows []int32) {
	for _, row := range rows {
		for i := range c.args {
			if a := &c.args[i]; !a.isNull(row) {
				c.text = append(c.text, a.text(row)...)
			}
		}
		c.put(row)
	}
}

// concatWithRows joins the arguments behind the first that are not NULL, with the
// first between them.
func concatWithRows(c *rowCall, rows []int32) {
	for _, row := range rows {
		if c.args[0].isNull(row) {
			c.null(row)
			continue
		}
		separator := []byte(nil)
		for i := range c.args[1:] {
			if a := &c.args[1+i]; !a.isNull(row) {
				c.text = append(append(c.text, separator...), a.text(row)...)
				separator = c.args[0].text(row)
			}
		}
		c.put(row)
	}
}

// textOperators are the overloads of || for texts and bytes.
var textOperators = map[string][]overload{
	"||": {
		{params: texts2, result: record.String, build: eachRow(joinRows)},
		{params: []record.Type{record.Bytes, record.Bytes}, result: record.Bytes, build: eachRow(joinRows)},
	},
}
