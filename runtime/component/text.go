package component

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// maxDays bounds durations, so that sums of a few of them do not overflow.
const maxDays = 36_500

// MaxDuration is the longest duration of a job file.
const MaxDuration = maxDays * 24 * time.Hour

// ParseDuration reads what [time.ParseDuration] reads and, in front, days:
// "7d", "1d12h". Durations are not negative and not longer than 36500d.
func ParseDuration(text string) (time.Duration, error) {
	const day = 24 * time.Hour
	var days int64
	rest := text
	if n, tail, ok := strings.Cut(text, "d"); ok {
		v, err := strconv.ParseInt(n, 10, 64)
		if err != nil || v < 0 {
			return 0, notDuration(text)
		}
		days, rest = v, tail
	}
	var clock time.Duration
	if rest != "" || days == 0 && !strings.HasSuffix(text, "d") {
		var err error
		if clock, err = time.ParseDuration(rest); err != nil || clock < 0 {
			return 0, notDuration(text)
		}
	}
	if days > maxDays || clock > (maxDays-time.Duration(days))*day {
		return 0, fmt.Errorf("%q is longer than %dd, the longest duration", text, maxDays)
	}
	return time.Duration(days)*day + clock, nil
}

func notDuration(text string) error {
	return fmt.Errorf("%q is not a duration such as 30s, 5m, 1h30m or 7d", text)
}

// units are what a size may be counted in. Decimal and binary ones differ by up
// to a tenth, so each is written out.
var units = []struct {
	name  string
	bytes int64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12},
	{"B", 1}, {"", 1},
}

// maxSize bounds sizes, so that sums of a few of them do not overflow.
const maxSize = 1 << 50

// ParseSize reads a number of bytes: "4096", "64KiB", "10MB", "1.5 GiB". Case
// does not matter. Sizes are not negative and not larger than 1024 TiB.
func ParseSize(text string) (int64, error) {
	number := strings.TrimRight(text, "BbIiKkMmGgTt")
	unit := text[len(number):]
	number = strings.TrimSuffix(number, " ")
	for _, u := range units {
		if !strings.EqualFold(unit, u.name) || number == "" || strings.Trim(number, "0123456789.") != "" {
			continue
		}
		v, err := strconv.ParseFloat(number, 64)
		if err != nil {
			break
		}
		if v *= float64(u.bytes); v > maxSize {
			return 0, fmt.Errorf("%q is more than %d TiB, the largest size", text, maxSize>>40)
		}
		return int64(v), nil
	}
	return 0, fmt.Errorf("%q is not a size such as 4096 (bytes), 64KiB or 10MB", text)
}
