package json

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
)

// TestFloatsAreTheNearest reads numbers, some of them in quotes, as strconv does.
func TestFloatsAreTheNearest(t *testing.T) {
	conntest.TestFloats(t, narrow{}, func(texts []string) []byte {
		var lines bytes.Buffer
		for i, text := range texts {
			form := []string{"{\"x\":%s}\n", "{\"x\":\"%s\"}\n", "{ \"x\" : %s , \"y\": 1 }\n"}[i%3]
			fmt.Fprintf(&lines, form, text)
		}
		return lines.Bytes()
	})
}
