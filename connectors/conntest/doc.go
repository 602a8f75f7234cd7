// Package conntest is what every connector has to pass: [TestSource] for the
// reading and [TestSink] for the writing side. Both drive a connector as the
// engine does, and then as it does when things go wrong.
//
// A source must return the rows of a split in one order, whatever the size of
// batches, however splits are spread over readers and however many of them come in
// one fetch; go on from every position
// with exactly the rows behind it; survive restarts of enumerator and readers;
// keep back the rows of paused splits; obey its context; and manage ten thousand
// splits on one reader. [TestParents] holds one whose splits have parents to what that
// means. [TestFailures] holds it to the same where records fail or
// bytes are damaged.
//
// A sink must show nothing before its commit and everything after it, once:
// commit twice or by another process, crash before, between and after prepare
// and commit, recover with what the checkpoint holds, and be deaf to an owner
// that was thought dead and writes on.
//
// A format is held to the same by [Decode], which reads any text, [TestBookmarks],
// [TestColumns] and [TestRoundTrip], and its messages by [TestMessages] and
// [TestMessageEncoder]; a [Sample] measures what it costs. Package bus is a made-up broker
// that a job file can read, by which all that sources of messages share is tested.
//
// What the suites leave to a connector's own tests: the content of rows, what of bad
// input fails, a medium that has changed since a checkpoint, the order of operations
// on it, faults of it, and speed.
package conntest

import (
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// Rows draws each selected row of a batch as its cells between bars, such as
// `2013-01-01T10:15:00Z|"EWR"|null`.
func Rows(b *record.Batch) []string {
	var rows []string
	for i := range b.Physical() {
		if b.Selection() == nil {
			rows = append(rows, row(b, i))
		}
	}
	for _, i := range b.Selection() {
		rows = append(rows, row(b, int(i)))
	}
	return rows
}

func row(b *record.Batch, i int) string {
	cells := make([]string, len(b.Columns))
	for j, c := range b.Columns {
		cells[j] = cell(c, i)
	}
	return strings.Join(cells, "|")
}

func cell(c *record.Column, i int) string {
	if c.IsNull(i) {
		return "null"
	}
	text := string(c.AppendText(nil, i))
	if c.Type() == record.String {
		return strconv.Quote(text)
	}
	return text
}
