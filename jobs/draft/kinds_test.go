package draft_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/draft"
	"github.com/weirstream/weir/runtime/env"
)

// TestOtherKindsOfFiles names what a file is that is no text, and what to do.
func TestOtherKindsOfFiles(t *testing.T) {
	var gz, zst bytes.Buffer
	g := gzip.NewWriter(&gz)
	z, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{g, z} {
		if _, err := w.Write([]byte("n\n1\n")); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	bz2, err := base64.StdEncoding.DecodeString("QlpoOTFBWSZTWfoRj/8AAAHJAAAQIAAAASAAMMwMeoJxdyRThQkPoRj/8A==")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		content []byte
		want    string
	}{
		"gzip":    {gz.Bytes(), "is compressed with gzip; give it a name that ends in .gz"},
		"zstd":    {zst.Bytes(), "is compressed with zstd; give it a name that ends in .zst"},
		"bzip2":   {bz2, "is compressed with bzip2, which weir does not read; make it plain: bunzip2"},
		"xz":      {[]byte("\xFD7zXZ\x00\x00\x04\xe6\xd6\xb4F"), "is compressed with xz, which weir does not read; make it plain: unxz"},
		"zip":     {[]byte("PK\x03\x04\x14\x00"), "is a zip archive or a spreadsheet"},
		"parquet": {[]byte("PAR1\x15\x04\x15\x00"), "is Parquet, which weir does not read"},
		"latin 1": {[]byte("n\nZ\xfcrich\n"), "is not UTF-8"},
		"else":    {[]byte("\x00\x01"), "is not text: there are zero bytes in it"},
	} {
		path := filepath.Join(t.TempDir(), "file.csv")
		if err := os.WriteFile(path, test.content, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := draft.FromFile(draft.Options{Registry: builtin.Registry(), Files: env.OS{}, Name: "job", Path: path, File: "job.yaml"})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	path := filepath.Join(t.TempDir(), "file.csv")
	if err := os.WriteFile(path, []byte("BZh,n\na,1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := draft.FromFile(draft.Options{Registry: builtin.Registry(), Files: env.OS{}, Name: "job", Path: path, File: "job.yaml"}); err != nil {
		t.Errorf("a text that begins like bzip2: %v", err)
	}
}
