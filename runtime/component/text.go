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

// ParseDuration reads what [time.ParseDuration] reads and, in front, weeks and days:
// "7d", "1w", "1d12h". Durations are not negative and not longer than 36500d.
func ParseDuration(text string) (time.Duration, error) {
	const day = 24 * time.Hour
	weeks, rest, okWeeks := leading(text, "w")
	days, rest, okDays := leading(rest, "d")
	if !okWeeks || !okDays {
		return 0, notDuration(text)
	}
	var clock time.Duration
	if rest != "" || text == "" {
		var err error
		if clock, err = time.ParseDuration(rest); err != nil || clock < 0 {
			return 0, notDuration(text)
		}
	}
	if weeks > maxDays || days > maxDays || 7*weeks+days > maxDays || clock > (maxDays-time.Duration(7*weeks+days))*day {
		return 0, fmt.Errorf("%q is longer than %dd, the longest duration", text, maxDays)
	}
	return time.Duration(7*weeks+days)*day + clock, nil
}

// leading takes a whole number of a unit from the front of a text, 0 where the unit does
// not occur. What follows has no sign of its own.
func leading(text, unit string) (n int64, rest string, ok bool) {
	number, rest, found := strings.Cut(text, unit)
	if !found {
		return 0, text, true
	}
	n, err := strconv.ParseInt(number, 10, 64)
	return n, rest, err == nil && n >= 0 && strings.TrimLeft(rest, "+-") == rest
}

// parseSigned is [ParseDuration] with a minus before durations that are negative.
func parseSigned(text string) (time.Duration, error) {
	positive, negative := strings.CutPrefix(text, "-")
	if negative && strings.TrimLeft(positive, "+-") != positive {
		return 0, notDuration(text)
	}
	d, err := ParseDuration(positive)
	if negative {
		return -d, err
	}
	return d, err
}

func notDuration(text string) error {
	if p, err := calendarPeriod(text); err != nil || p.Months > 0 {
		return fmt.Errorf("%q is no duration, since months and years differ in length; write days, such as 30d", text)
	}
	return fmt.Errorf("%q is not a duration such as 30s, 5m, 1h30m, 7d or 1w", text)
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

// FormatSize writes a number of bytes as short as [ParseSize] reads it back, in binary units:
// "64KiB", "1536MiB", "1000B".
func FormatSize(n int64) string {
	for i := 3; i >= 0; i-- {
		if u := units[i]; n > 0 && n%u.bytes == 0 {
			return fmt.Sprintf("%d%s", n/u.bytes, u.name)
		}
	}
	return fmt.Sprintf("%dB", n)
}
