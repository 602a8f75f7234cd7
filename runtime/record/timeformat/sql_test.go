package timeformat

import "testing"

func TestReadSQL(t *testing.T) {
	for text, want := range map[string]string{
		"2013-01-31T10:15:00+02:00": "2013-01-31T08:15:00Z",
		"2013-01-31 10:15:00Z":      "2013-01-31T10:15:00Z",
		"2013-01-31 10:15:00":       "2013-01-31T10:15:00Z",
		"2013-01-31 10:15:00.25":    "2013-01-31T10:15:00.25Z",
		"2013-01-31T10:15:00":       "2013-01-31T10:15:00Z",
		"2013-01-31T10:15:00.25":    "2013-01-31T10:15:00.25Z",
		"2013-01-31T10:15":          "2013-01-31T10:15:00Z",
		"2013-01-31 10:15":          "2013-01-31T10:15:00Z",
		"2013-01-31":                "2013-01-31T00:00:00Z",
		"2013-02-30":                `"2013-02-30" is not an RFC 3339 timestamp such as 2013-01-01T10:15:00Z`,
		"10:15":                     `"10:15" is not an RFC 3339 timestamp such as 2013-01-01T10:15:00Z`,
	} {
		at, err := ReadSQL([]byte(text))
		got := at.String()
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}
