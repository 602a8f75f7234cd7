// Package message is what connectors share whose records are messages: bytes with a key,
// headers, a time and a place, each by itself.
//
// A connector declares what it knows of a message besides its value, as [Metadata]; that
// becomes the key metadata of its configuration ([Fields]). A [Shape] is what a job makes
// of them: which columns the values have, by the format, and which of the metadata are
// columns behind them. A [Collector] takes messages in, of many splits one after the other,
// and makes a fetch of them: it decodes the values, repeats metadata for values of several
// rows, and tells of each message that failed where it is.
//
//	c, err := shape.NewCollector(context, where)
//	for c.Room() > 0 && more {
//		if c.Add(value) {
//			c.Int64(offset, o)
//			c.Bytes(key, k)
//		}
//		…
//		c.End(stream.Piece{Split: id, Next: position})
//	}
//	return c.Take()
//
// Nothing is allocated for a message that can be decoded.
package message
