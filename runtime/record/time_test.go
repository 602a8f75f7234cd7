package record

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

func TestTimeTextAgreesWithTheStandardLibrary(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
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
		{"2013-01-01T10:15:00.1234567Z", ""},
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

func TestFloatTextReadsBack(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	for range 20_000 {
		v := math.Float64frombits(random.Uint64())
		if math.IsNaN(v) {
			continue
		}
		if got, err := strconv.ParseFloat(string(AppendFloat(nil, v)), 64); err != nil || got != v {
			t.Fatalf("%v is written as %s", v, AppendFloat(nil, v))
		}
	}
	for text, v := range map[string]float64{"1000000": 1e6, "0.1": 0.1, "17.261699999999998": 17.261699999999998, "0": 0, "1e+21": 1e21} {
		if got := string(AppendFloat(nil, v)); got != text {
			t.Errorf("%v is written as %s, want %s", v, got, text)
		}
	}
}
