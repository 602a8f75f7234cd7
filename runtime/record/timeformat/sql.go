package timeformat

import "github.com/weirstream/weir/runtime/record"

// ReadSQL reads RFC 3339 text or, as the literals and casts of SQL have it, such
// text without an offset, or a date alone, which mean UTC.
func ReadSQL(text []byte) (record.Time, error) {
	t, err := record.ParseTime(text)
	if err == nil {
		return t, nil
	}
	for _, p := range sqlPatterns {
		if t, err := p.Read(text); err == nil {
			return t, nil
		}
	}
	return 0, err
}

var sqlPatterns = []*Pattern{
	mustCompile("%Y-%m-%d %H:%M:%S"), mustCompile("%Y-%m-%d %H:%M:%S.%f"), mustCompile("%Y-%m-%d"),
	mustCompile("%Y-%m-%dT%H:%M:%S"), mustCompile("%Y-%m-%dT%H:%M:%S.%f"), mustCompile("%Y-%m-%d %H:%M"), mustCompile("%Y-%m-%dT%H:%M"),
}

func mustCompile(pattern string) *Pattern {
	p, err := Compile(pattern)
	if err != nil {
		panic(err)
	}
	return p
}
