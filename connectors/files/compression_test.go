package files

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestSeveralStreams reads files that are made of several compressed ones, as
// `cat` makes them, to their end.
func TestSeveralStreams(t *testing.T) {
	const a, b = "id,text\n1,a\n2,", "b\n3,c\n"
	skippable := string(binary.LittleEndian.AppendUint32([]byte{0x50, 0x2a, 0x4d, 0x18}, 4)) + "skip"
	for name, content := range map[string]string{
		"in.csv.gz":        gzipped(t, a) + gzipped(t, b),
		"empty.csv.gz":     gzipped(t, "") + gzipped(t, a+b) + gzipped(t, ""),
		"in.csv.zst":       zstandard(t, a) + zstandard(t, b),
		"empty.csv.zst":    zstandard(t, "") + zstandard(t, a+b) + zstandard(t, ""),
		"skipping.csv.zst": skippable + zstandard(t, a) + skippable + zstandard(t, b) + skippable,
	} {
		e, files := memEnv()
		writeFile(t, files, name, content)
		r, err := read(t, e, 2, map[string]string{"path": name}, nil)
		if err == nil {
			err = r.toEnd()
		}
		if want := []string{`1|"a"`, `2|"b"`, `3|"c"`}; err != nil || len(r.failed) > 0 || !slices.Equal(r.rows, want) {
			t.Errorf("%s: %q, %v, %v", name, r.rows, r.failed, err)
		}
	}
}

// TestCompressedNothing passes over what a partition without rows leaves, unless it was asked
// for by its name.
func TestCompressedNothing(t *testing.T) {
	for _, values := range []map[string]string{
		{"path": "in"}, {"path": "in/*.csv*"}, {"path": "in", "repeat": "2"}, {"path": "none"},
	} {
		e, files := memEnv()
		writeFile(t, files, "none/a.csv.gz", gzipped(t, ""))
		writeFile(t, files, "in/a.csv.gz", gzipped(t, ""))
		writeFile(t, files, "in/b.csv", numbered(1, 1))
		writeFile(t, files, "in/c.csv.zst", zstandard(t, ""))
		writeFile(t, files, "in/d.csv.gz", gzipped(t, numbered(2, 1)))
		r, err := read(t, e, 2, values, nil)
		if err == nil {
			err = r.toEnd()
		}
		rows := map[string]int{"in": 2, "in/*.csv*": 2}[values["path"]]
		if values["repeat"] != "" {
			rows *= 2
		}
		if err != nil || len(r.failed) > 0 || len(r.rows) != rows {
			t.Errorf("%v: %q, %v, %v", values, r.rows, r.failed, err)
		}
	}
	e, files := memEnv()
	writeFile(t, files, "a.csv.gz", gzipped(t, ""))
	r, err := read(t, e, 2, map[string]string{"path": "a.csv.gz"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.lastFailure(t); !strings.Contains(got, "the file is empty") {
		t.Errorf("alone: %s", got)
	}
}

// TestDamagedCompression delivers the rows before the damage, and what it says
// of that as one failed record.
func TestDamagedCompression(t *testing.T) {
	const all, some, none = 30_000, -1, 0
	text := numbered(0, all)
	gz, zst := gzipped(t, text), zstandard(t, text)
	flip := func(s string, at int) string { return s[:at] + string(s[at]^0x10) + s[at+1:] }
	for _, test := range []struct {
		name, file, content string
		rows                int
		want                string
	}{
		{"cut short", "in.csv.gz", gz[:len(gz)-100], some, "the gzip data is cut short; copy the file again"},
		{"without its end", "in.csv.gz", gz[:len(gz)-1], all, "the gzip data is cut short"},
		{"empty", "in.csv.gz", "", none, "the gzip data is cut short"},
		{"text", "in.csv.gz", text, none, "the gzip data cannot be decompressed: gzip: invalid header"},
		{"a bit", "in.csv.gz", flip(gz, len(gz)-6), all, "the file is damaged, and nobody can tell where: the checksum behind the gzip data"},
		{"garbage behind", "in.csv.gz", gz + "garbage that follows", all, "what follows the gzip data is not gzip data; cut it off"},
		{"a byte behind", "in.csv.gz", gz + "x", all, "what follows the gzip data is not gzip data; cut it off"},
		{"a line end behind", "in.csv.gz", gz + "\n", all, "what follows the gzip data is not gzip data; cut it off"},
		{"a second one, cut short", "in.csv.gz", gz + gz[:1], all, "the gzip data is cut short"},
		{"a second one, cut in its header", "in.csv.gz", gz + gz[:7], all, "the gzip data is cut short"},
		{"zeros behind", "in.csv.zst", zst + strings.Repeat("\x00", 512), all, "what follows the zstd data is not zstd data; cut it off"},
		{"zeros behind", "in.csv.gz", gz + strings.Repeat("\x00", 512), all, "what follows the gzip data is not gzip data; cut it off"},
		{"cut short", "in.csv.zst", zst[:len(zst)-100], some, "the zstd data is cut short; copy the file again"},
		{"without its end", "in.csv.zst", zst[:len(zst)-1], some, "the zstd data is cut short"},
		{"empty", "in.csv.zst", "", none, "the file is empty"},
		{"text", "in.csv.zst", text, none, "the zstd data cannot be decompressed: invalid input: magic number mismatch"},
		{"a bit", "in.csv.zst", flip(zst, len(zst)/2), some, "the zstd data "},
		{"a checksum", "in.csv.zst", flip(zst, len(zst)-1), some, "the checksum behind the zstd data is wrong"},
		{"garbage behind", "in.csv.zst", zst + "garbage that follows", all, "what follows the zstd data is not zstd data; cut it off"},
		{"a dictionary", "in.csv.zst", "\x28\xb5\x2f\xfd\x01\x38\x07\x01\x00\x00", none,
			"the zstd data cannot be decompressed: unknown dictionary"},
	} {
		e, files := memEnv()
		writeFile(t, files, test.file, test.content)
		r, err := read(t, e, 100, map[string]string{"path": test.file}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := r.lastFailure(t)
		if len(r.failed) != 1 || !strings.Contains(got, test.want) || !strings.HasPrefix(got, test.file+":") {
			t.Errorf("%s %s: got %s, want %s", test.file, test.name, got, test.want)
		}
		if n := len(r.rows); test.rows >= 0 && n != test.rows || test.rows == some && (n == 0 || n >= all) {
			t.Errorf("%s %s: %d rows", test.file, test.name, n)
		}
		n, behind := len(r.rows), fmt.Sprintf(": record %d cannot be read", len(r.rows)+1)
		if strings.Contains(test.want, "checksum") {
			behind = fmt.Sprintf("(records before: %d)", n) // all of it may be wrong
		}
		if n > 0 && !strings.Contains(got, behind) {
			t.Errorf("%s %s: got %s behind %d rows", test.file, test.name, got, n)
		}
	}
}
