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

func TestFormatSize(t *testing.T) {
	for text, n := range map[string]int64{"0B": 0, "1000B": 1000, "64KiB": 64 << 10, "1536MiB": 3 << 29, "2GiB": 2 << 30, "1TiB": 1 << 40} {
		got := component.FormatSize(n)
		if back, err := component.ParseSize(got); err != nil || back != n || got != text {
			t.Errorf("%d is written %q, want %q, which reads as %v (%v)", n, got, text, back, err)
		}
	}
}

func TestParseDuration(t *testing.T) {
	const day = 24 * time.Hour
	signed := component.Field{Kind: component.Duration, Signed: true}
	for _, test := range []struct {
		text string
		want time.Duration // of a signed field
		ok   bool
	}{
		{"1w", 7 * day, true},
		{"2w1d12h", 15*day + 12*time.Hour, true},
		{"1w30m", 7*day + 30*time.Minute, true},
		{"5214w2d", 36500 * day, true},
		{"-8h", -8 * time.Hour, true},
		{"-1w2d1h", -(9*day + time.Hour), true},
		{"+5m", 5 * time.Minute, true},
		{"5214w3d", 0, false},
		{"1317624576693539402w", 0, false}, // times seven it overflows
		{"", 0, false}, {"-", 0, false}, {"w", 0, false}, {"1d1w", 0, false}, {"1w1w", 0, false}, {"1.5w", 0, false},
		{"--8h", 0, false}, {"-+8h", 0, false}, {"+-8h", 0, false}, {"1w-2d", 0, false}, {"1d-12h", 0, false}, {"8h-1w", 0, false},
	} {
		got, _, err := signed.ParseDuration(test.text)
		if (err == nil) != test.ok || test.ok && got != test.want {
			t.Errorf("signed %q: %v, %v, want %v", test.text, got, err, test.want)
		}
		_, err = component.ParseDuration(test.text)
		if want := test.ok && test.text[0] != '-'; (err == nil) != want {
			t.Errorf("%q: %v, want it read: %v", test.text, err, want)
		}
		if back, _, err := signed.ParseDuration(component.FormatDuration(got)); test.ok && (err != nil || back != got) {
			t.Errorf("%v is written %q, which reads as %v (%v)", got, component.FormatDuration(got), back, err)
		}
	}
}
