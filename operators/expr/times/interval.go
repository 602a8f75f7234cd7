package times

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// appendInterval appends µs as "2 days 03:04:05.5", which INTERVAL reads.
func appendInterval(to []byte, v int64) []byte {
	sign, rest := "", uint64(v)
	if v < 0 {
		sign, rest = "-", -rest
	}
	if days := rest / uint64(calendar.MicrosPerDay); days > 0 {
		to = fmt.Appendf(to, "%s%d day", sign, days)
		if days > 1 {
			to = append(to, 's')
		}
		if rest %= uint64(calendar.MicrosPerDay); rest == 0 {
			return to
		}
		to = append(to, ' ')
	}
	at := record.AppendTime(nil, record.Time(rest%uint64(calendar.MicrosPerDay)))
	to = append(to, sign...)
	return append(to, at[len("1970-01-01T"):len(at)-len("Z")]...)
}

// appendMonths appends months as "1 year 2 months".
func appendMonths(to []byte, v int64) []byte {
	years, rest := v/12, v%12
	plural := func(n int64, name string) {
		if to = fmt.Appendf(to, "%d %s", n, name); n != 1 && n != -1 {
			to = append(to, 's')
		}
	}
	if years != 0 {
		plural(years, "year")
	}
	if years != 0 && rest != 0 {
		to = append(to, ' ')
	}
	if rest != 0 || years == 0 {
		plural(rest, "month")
	}
	return to
}
