package record

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/trial"
)

func TestTimeTextAgreesWithTheStandardLibrary(t *testing.T) {
	trial.Run(t, 20_000, func(t *trial.Case) {
		random := t.Random
		// Years 0000 to 9999, to the microsecond, the millisecond or the second.
		want := time.Unix(random.Int64N(315_537_897_600)-62_167_219_200, 0).UTC()
		switch random.IntN(3) {
		case 0:
			want = want.Add(time.Duration(random.IntN(1_000_000)) * time.Microsecond)
		case 1:
			want = want.Add(time.Duration(random.IntN(1000)) * time.Millisecond)
		}
		text := AppendTime(nil, TimeOf(want))
		if string(text) != want.Format(time.RFC3339Nano) {
			t.Fatalf("AppendTime writes %s as %s", want.Format(time.RFC3339Nano), text)
		}
		got, err := ParseTime(text)
		if err != nil || got != TimeOf(want) {
			t.Fatalf("ParseTime(%s) = %v, %v", text, got, err)
		}
	})
}

// What is read without the standard library is what it reads, and costs nothing.
func TestPlainTimesAgreeWithTheStandardLibrary(t *testing.T) {
	plain := 0
	whole := trial.Run(t, 50_000, func(t *trial.Case) {
		random := t.Random
		pick := func(texts ...string) string { return texts[random.IntN(len(texts))] }
		text := fmt.Sprintf("%04d-%02d-%02d%s%02d:%02d:%02d", random.IntN(10_000), random.IntN(14), random.IntN(33),
			pick("T", "T", " ", "t", "x"), random.IntN(25), random.IntN(61), random.IntN(61)) +
			pick("", ".", ".5", ".25", ".123", ".1234", ".00001", ".999999", ".1234560", ".1234567", ".123456789", "x") +
			pick("", "Z", "Z", "z", "+02:00", "-00:30", "+23:59", "-24:00", "+02:60", "+0200", "+2:00")
		want, err := time.Parse(time.RFC3339Nano, strings.NewReplacer(" ", "T", "t", "T").Replace(text[:11])+text[11:])
		if read, ours := ParseTime([]byte(text)); (ours == nil) != (err == nil) || ours == nil &&
			read != TimeOf(want) {
			t.Fatalf("%s is read as %v, %v, by the standard library as %v, %v", text, read, ours, want, err)
		}
		got, ok := parsePlain([]byte(text))
		if ok && (err != nil || got != TimeOf(want) || TimeOf(want).GoTime() != want.UTC().Truncate(time.Microsecond)) {
			t.Fatalf("%s is read as %v, by the standard library as %v, %v", text, got, want, err)
		}
		if ok {
			plain++
		}
	})
	if whole && plain < 5000 {
		t.Errorf("only %d of the texts are plain", plain)
	}
	for _, text := range []string{"2013-01-01T10:15:00Z", "2013-01-01T10:15:00.123Z", "2013-01-01 10:15:00.123456789+02:00"} {
		if n := testing.AllocsPerRun(10, func() { ParseTime([]byte(text)) }); n > 0 {
			t.Errorf("%s takes %.0f allocations", text, n)
		}
	}
}

func TestParseTime(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"2013-01-01T10:15:00Z", "2013-01-01T10:15:00Z"},
		{"2013-01-01 10:15:00Z", "2013-01-01T10:15:00Z"},
		{"2013-01-01T12:15:00+02:00", "2013-01-01T10:15:00Z"},
		{"2013-01-01T10:15:00.123456Z", "2013-01-01T10:15:00.123456Z"},
		{"2012-02-29T00:00:00Z", "2012-02-29T00:00:00Z"},
		{"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"},
		{"2013-02-29T00:00:00Z", ""},
		{"2013-13-01T00:00:00Z", ""},
		{"2013-01-01T24:00:00Z", ""},
		{"2013-01-01T10:15:00", ""},
		{"2013-01-01T10:15:00.1234567Z", "2013-01-01T10:15:00.123456Z"},
		{"2013-01-01T10:15:00.123456789+00:00", "2013-01-01T10:15:00.123456Z"},
		{"1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999Z"},
		{"2013-01-01T10:15:00.999999999999Z", "2013-01-01T10:15:00.999999Z"},
		{"2x13-01-01T10:15:00Z", ""},
		{"", ""},
	} {
		got, err := ParseTime([]byte(c.text))
		switch {
		case c.want == "" && err == nil:
			t.Errorf("ParseTime(%q) = %v, want an error", c.text, got)
		case c.want != "" && (err != nil || got.String() != c.want):
			t.Errorf("ParseTime(%q) = %v, %v, want %s", c.text, got, err, c.want)
		}
	}
}

func TestTimeStaysAtTheEndsOfTime(t *testing.T) {
	for _, c := range []struct {
		start Time
		add   time.Duration
		want  Time
	}{
		{MinTime, time.Hour, MinTime},
		{MaxTime, -time.Hour, MaxTime},
		{MinTime + 1, -time.Hour, MinTime},
		{MaxTime - 1, time.Hour, MaxTime},
		{0, time.Second, 1_000_000},
	} {
		if got := c.start.Add(c.add); got != c.want {
			t.Errorf("%d + %v = %d, want %d", c.start, c.add, got, c.want)
		}
	}
}

func TestFloatText(t *testing.T) {
	for text, v := range map[string]float64{"1000000": 1e6, "0.1": 0.1, "17.261699999999998": 17.261699999999998, "0": 0, "1e+21": 1e21} {
		if got := string(AppendFloat(nil, v)); got != text {
			t.Errorf("%v is written as %s, want %s", v, got, text)
		}
	}
}
