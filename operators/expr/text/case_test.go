package text

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
)

// TestCaseAgainstStrings holds lower and upper to package strings.
func TestCaseAgainstStrings(t *testing.T) {
	trial.Run(t, 20_000, func(t *trial.Case) {
		random := t.Random
		var b strings.Builder
		for range random.IntN(20) {
			if random.IntN(20) == 0 {
				b.WriteRune([]rune("ÀéßĲΣяｚ𐐀")[random.IntN(8)])
			} else {
				b.WriteByte(byte(random.IntN(128)))
			}
		}
		text := b.String()
		if got := string(appendLower([]byte("X"), []byte(text))); got != "X"+strings.ToLower(text) {
			t.Fatalf("lower(%q) is %q", text, got)
		}
		if got := string(appendUpper([]byte("x"), []byte(text))); got != "x"+strings.ToUpper(text) {
			t.Fatalf("upper(%q) is %q", text, got)
		}
	})
}
