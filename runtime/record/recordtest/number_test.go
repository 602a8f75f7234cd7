package recordtest

import (
	"encoding/json"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
)

// TestFloatText: each text is a number for everybody.
func TestFloatText(t *testing.T) {
	trial.Run(t, 2000, func(c *trial.Case) {
		if text := FloatText(c.Random); !json.Valid([]byte(text)) {
			c.Errorf("%s is no number", text)
		}
	})
}
