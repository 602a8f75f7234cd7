package json

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/stream"
)

// TestSuite reads the texts of JSONTestSuite as values of rows, wanted and not, in lines
// and in documents: what has to be read is, and what has to be refused fails, or ends
// the document where a row can stand before it.
func TestSuite(t *testing.T) {
	suite, err := os.ReadFile("../../../runtime/jsontext/testdata/suite.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(suite)) {
		name, quoted, _ := strings.Cut(line, " ")
		quoted, answer, _ := strings.Cut(quoted, " => ")
		text, err := strconv.Unquote(quoted)
		if strings.HasPrefix(line, "#") || err != nil {
			continue // or a long one, which is another test's
		}
		n++
		want := 0
		if strings.HasPrefix(answer, "read") {
			want = 1
		}
		for _, key := range []string{"a", "b"} {
			row := `{"` + key + `":` + text + `}`
			for _, in := range []struct{ path, text string }{
				{"$[*]", "[" + row + "]"}, {"$", row}, {"$.x[*]", `{"y":` + text + `,"x":[{"a":1}]}`},
				{"", strings.ReplaceAll(row, "\n", "\r")},
			} {
				got := conntest.Decode(t, narrow{withRows(t, in.path)}, stream.DecoderContext{
					Name: "t", Schema: schema(t, "a string"), Input: strings.NewReader(in.text),
				}, nil)
				sound := got.Err == nil && len(got.Failed) == 0
				if sound != (want == 1) || want == 1 && len(got.Rows) != 1 || want == 0 && got.Err == nil && len(got.Rows) > 0 {
					t.Errorf("%s, %q at %s: %v", name, in.text, in.path, got)
				}
			}
		}
	}
	if n < 310 {
		t.Errorf("%d texts were read", n)
	}
}
