package snapshot_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/snapshot"
)

// example is the object that FORMAT.md shows.
func example() content {
	base := uint64(11)
	key := func(bucket int64, hash uint64) string {
		return string(binary.BigEndian.AppendUint64(runs.AppendBucket(nil, bucket), hash)) + "JFK"
	}
	return content{
		header: snapshot.Header{
			Checkpoint: 12, Base: &base, Range: snapshot.Range(keyrange.Of(2, 4)), Hash: keyrange.HashName,
			Tables: []snapshot.Table{{Name: "panes", Version: 1, Bucketed: true, Key: []snapshot.Field{{Name: "origin", Type: "utf8"}},
				Sub: []snapshot.Field{}, Values: []snapshot.Field{{Name: "flights", Type: "int64"}}}},
		},
		cells: []snapshot.Cell{{Name: "mark", Value: []byte{42}}},
		drops: []int64{6},
		rows:  [][]row{{{key: key(7, 0x9E1A0A094000ED31), value: "\x0c"}, {key: key(8, 0x9E1A0A094000ED31), deleted: true}}},
	}
}

// parts says what the bytes of the example are; of a length of 0 there are as many as are
// needed, up to a CRC.
var parts = []struct {
	length  int
	meaning string
}{
	{8, `magic "weirstat"`}, {4, "version 2"},
	{0, "header"}, {4, "CRC-32C of the header"},
	{4, "cells: length of a name"}, {4, `name "mark"`}, {4, "length of its value"}, {1, "value"}, {4, "CRC-32C of the cells"},
	{1, "chunk 0: a put with a key of 19 bytes"}, {1, "and a value of 1"}, {8, "key: bucket 7"}, {8, "hash"}, {3, `"JFK"`}, {1, "value 12"},
	{1, "a tombstone with a key of 19 bytes"}, {8, "key: bucket 8"}, {8, "hash"}, {3, `"JFK"`},
	{8, "meta: 2 entries"}, {8, "1 tombstone"}, {8, "range tombstone until bucket 6"}, {4, "1 chunk"},
	{2, "key prefix of 16"}, {2, "flags: buckets, range tombstone"},
	{4, "chunk 0: its length"}, {4, "its CRC-32C"}, {4, "length of its separator"}, {4, "length of its filter"}, {1, "separator"}, {3, "filter"},
	{4, "CRC-32C of the meta"},
	{8, "index: bytes of the header"}, {8, "of the cells"}, {8, "of the chunks of table 0"}, {8, "and of its meta"}, {4, "CRC-32C of the index"},
	{8, "footer: offset of the metas"}, {8, "offset of the index"}, {8, "length of the object"}, {4, "CRC-32C of the footer"}, {4, `"tats"`},
}

// drawn draws an object as FORMAT.md does.
func drawn(object []byte) string {
	var b strings.Builder
	at := 0
	for _, part := range parts {
		if part.length == 0 {
			end := bytes.LastIndexByte(object, '}') + 1
			for ; at < end; at += min(72, end-at) {
				fmt.Fprintf(&b, "%4d  %s\n", at, object[at:min(at+72, end)])
			}
			continue
		}
		fmt.Fprintf(&b, "%4d  %-24s %s\n", at, fmt.Sprintf("% x", object[at:at+part.length]), part.meaning)
		at += part.length
	}
	fmt.Fprintf(&b, "%4d\n", at)
	return b.String()
}

// TestWorkedExample holds the end of FORMAT.md to what is written.
func TestWorkedExample(t *testing.T) {
	const heading = "## A whole object\n\nOffsets are decimal, bytes hexadecimal; JSON is shown as text.\n\n"
	object := example().encode(t)
	text, err := os.ReadFile("FORMAT.md")
	must(t, err)
	before, _, ok := strings.Cut(string(text), heading)
	want := before + heading + "```\n" + drawn(object) + "```\n"
	if golden.Rewriting() {
		must(t, os.WriteFile("FORMAT.md", []byte(want), 0o666))
		return
	}
	if !ok || want != string(text) {
		t.Errorf("FORMAT.md should end with\n%s", drawn(object))
	}
	if !strings.HasSuffix(drawn(object), fmt.Sprintf("%4d\n", len(object))) {
		t.Errorf("the example has %d bytes", len(object))
	}
}
