package expr

import (
	"github.com/weirstream/weir/operators/expr/jsonpath"
	"github.com/weirstream/weir/runtime/record"
)

// jsonAccess prepares a function of a JSON text and a constant path, which put
// makes a result of what the path leads to, nil being nothing.
func jsonAccess(put func(c *rowCall, row int32, value []byte)) func(*preparation) builder {
	return func(p *preparation) builder {
		text, ok := p.text(1)
		if !ok {
			if p.isNull(1) {
				return eachRow(nil) // and so is the result
			}
			return p.wrong(1, "the path must be a constant, such as '$.a.b[0]'")
		}
		path, err := jsonpath.Parse(text)
		if err != nil {
			return p.wrong(1, "%v", err)
		}
		return eachRowBy(func() rowLoop {
			var scanner jsonpath.Scanner
			return func(c *rowCall, rows []int32) {
				in := c.args[0]
				for _, row := range rows {
					value, err := scanner.Find(in.text(row), path)
					if err != nil {
						c.fail(row, err)
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
func putJSONValue(c *rowCall, row int32, value []byte) {
	switch {
	case value == nil || value[0] == 'n' || value[0] == '{' || value[0] == '[':
		c.null(row)
		return
	case value[0] == '"':
		c.text = jsonpath.AppendString(c.text, value)
	default:
		c.text = append(c.text, value...)
	}
	c.put(row)
}

// putJSON gives the JSON as it is written.
func putJSON(c *rowCall, row int32, value []byte) { c.putFound(row, value) }

func putWhetherJSON(c *rowCall, row int32, value []byte) {
	record.SetBit(c.bits, int(row), value != nil)
}
