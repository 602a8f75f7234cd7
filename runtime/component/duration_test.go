package component_test

import (
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/component"
)

func TestFormatDuration(t *testing.T) {
	for text, d := range map[string]time.Duration{
		"0s":     0,
		"5ms":    5 * time.Millisecond,
		"1.5s":   1500 * time.Millisecond,
		"30s":    30 * time.Second,
		"10m":    10 * time.Minute,
		"1h30m":  90 * time.Minute,
		"1h0m5s": time.Hour + 5*time.Second,
		"7d":     7 * 24 * time.Hour,
		"1d12h":  36 * time.Hour,
		"10d10m": 10*24*time.Hour + 10*time.Minute,
		"36500d": 36500 * 24 * time.Hour,
		"1d1µs":  24*time.Hour + time.Microsecond,
	} {
		got := component.FormatDuration(d)
		if back, err := component.ParseDuration(got); err != nil || back != d {
			t.Errorf("%v is written %q, which reads as %v (%v)", d, got, back, err)
		}
		if got != text {
			t.Errorf("%v is written %q, want %q", d, got, text)
		}
	}
}
