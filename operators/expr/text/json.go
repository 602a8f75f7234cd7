package text

import (
	"github.com/weirstream/weir/operators/expr/jsonpath"
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/jsontext"
	"github.com/weirstream/weir/runtime/record"
)

// jsonAccess prepares a function of a JSON text and a constant path, which put
// makes a result of what the path leads to, nil being nothing.
func jsonAccess(put func(c *kernel.RowCall, row int32, value []byte)) func(*kernel.Preparation) kernel.Builder {
	return func(p *kernel.Preparation) kernel.Builder {
		text, ok := p.Text(1)
		if !ok {
			if p.IsNull(1) {
				return kernel.EachRow(nil) // and so is the result
			}
			return p.Wrong(1, "the path must be a constant, such as '$.a.b[0]'")
		}
		path, err := jsonpath.Parse(text)
		if err != nil {
			return p.Wrong(1, "%v", err)
		}
		return kernel.EachRowBy(func() kernel.RowLoop {
			var scanner jsonpath.Scanner
			return func(c *kernel.RowCall, rows []int32) {
				in := c.Args[0]
				for _, row := range rows {
					value, err := scanner.Find(in.Text(row), path)
					if err != nil {
						c.Fail(row, err)
						continue
					}
					put(c, row, value)
				}
			}
		})
	}
}

// putJSONValue gives strings without quotes, numbers and bools as they are
// written; NULL for null, objects and arrays.
func putJSONValue(c *kernel.RowCall, row int32, value []byte) {
	switch {
	case value == nil || value[0] == 'n' || value[0] == '{' || value[0] == '[':
		c.Null(row)
		return
	case value[0] == '"':
		c.Text = jsontext.AppendUnquoted(c.Text, value)
	default:
		c.Text = append(c.Text, value...)
	}
	c.Put(row)
}

// putJSON gives the JSON as it is written.
func putJSON(c *kernel.RowCall, row int32, value []byte) { c.PutFound(row, value) }

func putWhetherJSON(c *kernel.RowCall, row int32, value []byte) {
	record.SetBit(c.Bits, int(row), value != nil)
}
