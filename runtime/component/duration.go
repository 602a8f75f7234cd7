package component

import (
	"fmt"
	"strings"
	"time"
)

// FormatDuration writes a duration as short as [ParseDuration] reads it: "7d",
// "1d12h", "90m" as "1h30m", and a minus before those that are negative.
func FormatDuration(d time.Duration) string {
	const day = 24 * time.Hour
	if d < 0 {
		return "-" + FormatDuration(-d)
	}
	if d < time.Minute {
		return d.String()
	}
	var b strings.Builder
	if days := d / day; days > 0 {
		fmt.Fprintf(&b, "%dd", days)
		d %= day
	}
	if d > 0 {
		text := d.String()
		if strings.HasSuffix(text, "m0s") {
			text = strings.TrimSuffix(text, "0s")
		}
		if strings.HasSuffix(text, "h0m") {
			text = strings.TrimSuffix(text, "0m")
		}
		b.WriteString(text)
	}
	return b.String()
}
