// Package datagen is a source of made-up rows, for trials and benchmarks.
//
// What a row holds is a function of the seed, its split, its number within the
// split, and the column: a position is a row number, and going on from one gives
// the same rows again. The schema of the job names and types the columns; the key
// "columns" says how they are filled:
//
//	uniform(low, high)            int64, float64: any value of the range, each equally likely
//	sequence()                    int64: 0, 1, 2, … over all splits
//	keys(n)                       string: one of key-0 … key-(n-1)
//	oneof(a, b, …)                string: one of these
//	chance(p)                     bool: true with probability p
//	clock(start, step, disorder)  timestamp: start, and step later with each row of
//	                              a split, but up to disorder earlier than that
//
// A watermark delay of the disorder is long enough for no row to be late.
package datagen
