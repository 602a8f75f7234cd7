package csv

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
)

func TestNumbers(t *testing.T) {
	conntest.TestNumbers(t, narrow{Default}, func(numbers []string) []byte {
		return []byte("x\n" + strings.Join(numbers, "\n") + "\n")
	})
}
