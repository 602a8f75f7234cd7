package csv

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
)

// TestFloatsAreTheNearest reads numbers as strconv does.
func TestFloatsAreTheNearest(t *testing.T) {
	conntest.TestFloats(t, narrow{Default}, func(texts []string) []byte {
		return []byte("x\n" + strings.Join(texts, "\n") + "\n")
	})
}
