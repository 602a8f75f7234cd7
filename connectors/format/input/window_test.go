package input

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/weirstream/weir/runtime/record"
)

// TestDouble reads a long record that comes in small pieces with a few looks.
func TestDouble(t *testing.T) {
	pool := record.NewCheckedPool()
	w := newWindow(iotest.OneByteReader(strings.NewReader(strings.Repeat("x", 100_000))), pool)
	w.Size = 64
	looks := 0
	for ; !w.EOF(); looks++ {
		if err := w.Double(); err != nil && err != io.EOF {
			t.Fatal(err)
		}
	}
	if n := len(w.Text()); n != 100_000 || looks > 20 {
		t.Errorf("%d bytes with %d looks", n, looks)
	}
	w.Close()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}
