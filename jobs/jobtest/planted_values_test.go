//go:build planted

package jobtest

// plantedValues are bugs of what is computed, and of how values are kept.
var plantedValues = []plant{
	{
		bug:   "forget a dirty page",
		file:  "state/words.go",
		line:  "w.changed[p] = w.epochs.now",
		means: "a page that was changed is not in the next delta",
	},
	{
		bug:   "leave offsets as they were",
		file:  "runtime/record/gather.go",
		line:  "had, end := c.stored, c.children[0].stored",
		with:  "had, end := c.stored, 0",
		means: "lists that are gathered behind others have the elements of those",
	},
	{
		bug:   "lose the nulls of a dictionary",
		file:  "runtime/record/gather.go",
		line:  "if !from.HasNulls() {",
		with:  "if from.HasNulls() {",
		means: "a null that refers to no value becomes the first of the values, once it is gathered",
	},
	{
		bug:   "hash a neighbour",
		file:  "state/keyrange/words.go",
		line:  "out[k] = ofValue[codes[rowOf(sel, k)]]",
		with:  "out[k] = ofValue[int(codes[rowOf(sel, k)]+1)%len(ofValue)]",
		means: "a key goes where another value of its dictionary belongs",
	},
	{
		bug:   "keep half a decimal key",
		file:  "state/batch.go",
		line:  "s.Data = appendDecimal(s.Data, d)",
		with:  "s.Data = appendDecimal(s.Data, record.Decimal{Lo: d.Lo})",
		means: "of a decimal key its upper half is lost",
	},
	{
		bug:   "forget to carry",
		file:  "operators/agg/sum_decimal.go",
		line:  "h, carry := bits.Add64(uint64(s.high.Get(g)), high, carry)",
		with:  "h, carry := bits.Add64(uint64(s.high.Get(g)), high, carry&0)",
		means: "sums of decimals lose what goes beyond their lower half",
	},
	{
		bug:   "keep half an int32 key",
		file:  "state/values.go",
		line:  "values[k] = int32(c.words.get(r))",
		with:  "values[k] = int32(c.words.get(r) & 0xffff)",
		means: "of an int32 that comes out of the state as a key, the upper half is lost",
	},
}
