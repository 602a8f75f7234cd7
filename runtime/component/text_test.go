package component

import (
	"strings"
	"testing"
)

func TestParseSize(t *testing.T) {
	for _, test := range []struct {
		text string
		want int64 // -1 is an error
	}{
		{"0", 0},
		{"4096", 4096},
		{"4096B", 4096},
		{"64KiB", 64 << 10},
		{"64 kib", 64 << 10},
		{"10MB", 10_000_000},
		{"1.5GiB", 3 << 29},
		{"2tb", 2_000_000_000_000},
		{"1024TiB", 1 << 50},
		{"1025TiB", -1},
		{"1" + strings.Repeat("0", 400), -1},
		{"", -1},
		{"MB", -1},
		{" MB", -1},
		{"-1", -1},
		{"1e6", -1},
		{"1.2.3MB", -1},
		{"0x10", -1},
		{"64K", -1},
		{"64Mbit", -1},
		{"10  MB", -1},
		{"ten MB", -1},
	} {
		got, err := ParseSize(test.text)
		if err != nil {
			got = -1
		}
		if got != test.want {
			t.Errorf("%q: %d, %v, want %d", test.text, got, err, test.want)
		}
		if err != nil && !strings.Contains(err.Error(), "size") {
			t.Errorf("%q: %v says nothing about a size", test.text, err)
		}
	}
}
