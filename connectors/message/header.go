package message

import "github.com/weirstream/weir/runtime/jsontext"

// header returns the metadata of a message as a JSON object, by which it can be processed
// again without the place that it came from; nil where there are none.
func (c *Collector) header(i int) (text []byte) {
	names := c.shape.fields
	for m, at := range c.shape.columns {
		if at < 0 {
			continue
		}
		name := names[0].Name
		names = names[1:]
		column := c.metadata[m]
		if column == nil {
			continue
		}
		before := byte(',')
		if text == nil {
			before = '{'
		}
		text = jsontext.AppendQuoted(append(text, before), []byte(name))
		text = column.AppendJSON(append(text, ':'), i)
	}
	if text != nil {
		text = append(text, '}')
	}
	return text
}
