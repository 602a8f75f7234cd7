package exchange

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// TestInboxCombines sends elements on two channels, a and b, into one input.
func TestInboxCombines(t *testing.T) {
	elements := map[string]stream.Element{
		"idle": stream.Idle, "end": stream.End,
		"5": stream.WatermarkOf(5), "7": stream.WatermarkOf(7), "9": stream.WatermarkOf(9), "max": stream.WatermarkOf(record.MaxTime),
	}
	for _, test := range []struct{ name, sent, want string }{
		{"the least counts", "a:7 b:5 b:9", "5 7"},
		{"an idle channel is left out", "a:7 b:5 b:idle", "5 7"},
		{"all idle", "a:7 b:5 a:idle b:idle", "5 idle"},
		{"idle is told once", "a:idle b:idle a:idle", "idle"},
		{"a watermark ends idleness", "a:5 b:5 a:idle b:idle b:7 b:idle", "5 idle 7 idle"},
		{"one that has ended is left out", "a:5 b:7 a:max a:end b:9", "5 7 9"},
		{"the end of the rest leaves the idle ones", "a:idle b:5 b:max b:end", "5 idle"},
		{"what was idle goes on behind that", "a:5 a:idle b:5 b:max b:end a:7", "5 idle 7"},
		{"everything ends", "a:5 b:7 b:max b:end a:max a:end", "5 max end"},
		{"the last one ends while it is idle", "a:5 b:max b:end a:idle a:end", "5 idle max end"},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := NewInbox(1<<10, func() {})
			channels := map[string]*Channel{"a": in.Open(0, func() {}), "b": in.Open(0, func() {})}
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
	c := in.Open(0, func() { woken++ })
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
