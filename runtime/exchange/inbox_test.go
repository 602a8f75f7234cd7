package exchange

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// TestInboxCombines sends elements on two channels, a and b, into one input.
func TestInboxCombines(t *testing.T) {
	testInbox(t, false, []inboxTest{
		{"the least counts", "a:7 b:5 b:9", "5 7"},
		{"an idle channel is left out", "a:7 b:5 b:idle", "5 7"},
		{"all idle, the one ahead first", "a:7 b:5 a:idle b:idle", "5 7 idle"},
		{"all idle, the one behind first", "a:7 b:5 b:idle a:idle", "5 7 idle"},
		{"all that have not ended are idle", "a:5 b:9 a:idle b:max b:end", "5 9 idle"},
		{"one that ends while it is idle", "a:7 b:5 a:idle a:end b:idle", "5 idle"},
		{"idle is told once", "a:idle b:idle a:idle", "idle"},
		{"a watermark ends idleness", "a:5 b:5 a:idle b:idle b:7 b:idle", "5 idle 7 idle"},
		{"one that has ended is left out", "a:5 b:7 a:max a:end b:9", "5 7 9"},
		{"the end of the rest leaves the idle ones", "a:idle b:5 b:max b:end", "5 idle"},
		{"what was idle goes on behind that", "a:5 a:idle b:5 b:max b:end a:7", "5 idle 7"},
		{"everything ends", "a:5 b:7 b:max b:end a:max a:end", "5 max end"},
		{"the last one ends while it is idle", "a:5 b:max b:end a:idle a:end", "5 idle max end"},
		{"a watermark that wakes is told though it is no higher", "a:5 b:5 a:idle b:idle a:5", "5 idle 5"},
	})
}

// TestInboxCombinesThoseThatAreAlike does that with two channels that become idle
// and wake together.
func TestInboxCombinesThoseThatAreAlike(t *testing.T) {
	testInbox(t, true, []inboxTest{
		{"the least counts, idle or not", "a:5 b:7 a:idle b:9", "5"},
		{"idle when both are", "a:5 b:5 a:idle b:idle", "5 idle"},
		{"one that has woken waits for the other", "a:5 b:5 a:idle b:idle a:9", "5 idle 5"},
		{"and goes on when that has woken too", "a:5 b:5 a:idle b:idle a:9 b:7", "5 idle 5 7"},
		{"idle again before the other has woken", "a:5 b:5 a:idle b:idle a:9 a:idle b:9 b:idle", "5 idle 5 idle 9 idle"},
		{"one that has ended is left out", "a:5 b:7 a:max a:end b:9 b:idle", "5 7 9 idle"},
		{"one ends while both are idle", "a:5 b:7 a:idle b:idle a:end", "5 idle 7 idle"},
		{"both end", "a:5 b:7 a:idle a:end b:max b:end", "5 7 max end"},
	})
}

// inboxTest is what is sent, such as "a:7 b:idle", and what the operator gets.
type inboxTest struct{ name, sent, want string }

func testInbox(t *testing.T, alike bool, tests []inboxTest) {
	elements := map[string]stream.Element{
		"idle": stream.Idle, "end": stream.End,
		"5": stream.WatermarkOf(5), "7": stream.WatermarkOf(7), "9": stream.WatermarkOf(9), "max": stream.WatermarkOf(record.MaxTime),
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := NewInbox(1<<10, func() {})
			opened := in.Edge(0, alike, 2, func(int) {})
			channels := map[string]*Channel{"a": opened[0], "b": opened[1]}
			var got []string
			for _, s := range strings.Fields(test.sent) {
				channel, name, _ := strings.Cut(s, ":")
				channels[channel].Send(elements[name])
				for r, ok := in.Next(); ok; r, ok = in.Next() {
					for name, e := range elements {
						if e == r.Element {
							got = append(got, name)
						}
					}
				}
			}
			if got := strings.Join(got, " "); got != test.want {
				t.Errorf("%s\ngave %s\nwant %s", test.sent, got, test.want)
			}
		})
	}
}

// TestEverythingTakesCredit holds that a consumer that does not keep up is not
// flooded with watermarks, and that its producer is woken.
func TestEverythingTakesCredit(t *testing.T) {
	in, woken := NewInbox(1000, func() {}), 0
	c := in.Edge(0, false, 1, func(int) { woken++ })[0]
	sent := 0
	for ; !c.Full() && sent < 100; sent++ {
		c.Send(stream.WatermarkOf(record.Time(sent)))
	}
	if sent == 100 {
		t.Fatal("100 watermarks fit into 1000 bytes")
	}
	if in.Next(); c.Full() || woken != 1 {
		t.Errorf("full %v, woken %d times", c.Full(), woken)
	}
}
