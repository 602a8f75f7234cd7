package runs_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/state/runs"
)

// TestBytesAreStable holds the bytes of some runs to a file: a change of them is a change
// of the format.
func TestBytesAreStable(t *testing.T) {
	long := strings.Repeat("long value, ", 400)
	var b strings.Builder
	for _, test := range []struct {
		name string
		run  model
	}{
		{"empty", model{}},
		{"by hash", model{entries: []entry{{key: "hash0001", value: "1"}, {key: "hash0001sub", deleted: true}, {key: "hash0002", value: ""}}}},
		{"by bucket and hash, buckets dropped, two chunks", model{
			layout: runs.Layout{Bucketed: true, KeyPrefix: 17}, drops: true, until: -3,
			entries: []entry{
				{key: string(runs.AppendBucket(nil, -2)) + "hash0001k", value: "1"},
				{key: string(runs.AppendBucket(nil, 5)) + "hash0001k", value: long[:4200]},
				{key: string(runs.AppendBucket(nil, 5)) + "hash0002", value: "2"},
			},
		}},
	} {
		run, p := test.run.build(t)
		b.WriteString(test.name + "\nchunks\n" + dump(p.bytes) + "meta\n" + dump(run.Meta.Encoded()) + "\n")
	}
	golden.Text(t, "testdata/bytes.txt", b.String())
}

// dump draws bytes; of many that are alike, the first and the last.
func dump(b []byte) string {
	lines := strings.SplitAfter(hex.Dump(b), "\n")
	if len(lines) > 20 {
		lines = append(append(lines[:8:8], "…\n"), lines[len(lines)-8:]...)
	}
	return strings.Join(lines, "")
}
