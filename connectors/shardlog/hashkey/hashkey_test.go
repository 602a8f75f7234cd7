package hashkey

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

func number(k Key) *big.Int {
	n := new(big.Int).SetUint64(k.Hi)
	return n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(k.Lo))
}

// Numbers are those of math/big, near the ends of words as well.
func TestNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	word := func() uint64 {
		return []uint64{0, 1, 9, 10, ^uint64(0), ^uint64(0) - 1, 1e19, 1e19 - 1, r.Uint64(), r.Uint64() >> r.IntN(64)}[r.IntN(10)]
	}
	one, space := big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), 128)
	for range 20_000 {
		k, other := Key{word(), word()}, Key{word(), word()}
		n := number(k)
		if k.String() != n.String() {
			t.Fatalf("%x is %s, not %s", k, k, n)
		}
		if back, err := Parse(k.String()); err != nil || back != k {
			t.Fatalf("%s is read as %s, %v", k, back, err)
		}
		if k.Compare(other) != n.Cmp(number(other)) {
			t.Fatalf("%s and %s compare as %d", k, other, k.Compare(other))
		}
		if next := new(big.Int).Mod(new(big.Int).Add(n, one), space); number(k.Next()).Cmp(next) != 0 || k.Next().Previous() != k {
			t.Fatalf("behind %s is %s", k, k.Next())
		}
	}
}

func TestParse(t *testing.T) {
	for _, text := range []string{"", "-1", "+1", "01", "1.0", " 1", "x", "340282366920938463463374607431768211456", strings.Repeat("9", 39),
		strings.Repeat("1", 40)} {
		if k, err := Parse(text); err == nil || !strings.Contains(err.Error(), "340282366920938463463374607431768211455") {
			t.Errorf("%q is read as %v, %v", text, k, err)
		}
	}
	if k, err := Parse("340282366920938463463374607431768211455"); err != nil || k != Greatest {
		t.Errorf("the greatest is read as %v, %v", k, err)
	}
}

// What the service says of these keys.
func TestOf(t *testing.T) {
	for key, want := range map[string]string{
		"":  "281949768489412648962353822266799178366",
		"a": "16955237001963240173058271559858726497",
	} {
		if got := Of([]byte(key)).String(); got != want {
			t.Errorf("the hash key of %q is %s, not %s", key, got, want)
		}
	}
}

// Ranges cover the space without a gap; all but the last have one width, and that is the greatest
// such width.
func TestEven(t *testing.T) {
	space := new(big.Int).Lsh(big.NewInt(1), 128)
	for _, n := range []int{1, 2, 3, 4, 5, 7, 16, 1000, 1024, 10_000} {
		all := Even(n)
		width := new(big.Int).Div(space, big.NewInt(int64(n)))
		if len(all) != n || all[0].First != Least || all[n-1].Last != Greatest {
			t.Fatalf("%d ranges: %v", n, all)
		}
		for i, r := range all[:n-1] {
			w := new(big.Int).Sub(number(r.Last), number(r.First))
			if w.Add(w, big.NewInt(1)).Cmp(width) != 0 || !r.Before(all[i+1]) {
				t.Fatalf("range %d of %d is %v", i, n, r)
			}
		}
	}
}

// The parts of a range are the range, and no key is in both.
func TestSplit(t *testing.T) {
	key := func(n uint64) Key { return Key{0, n} }
	r := Range{key(10), key(20)}
	for n := uint64(8); n < 23; n++ {
		low, high, err := r.Split(key(n))
		if may := n > 11 && n < 20; may != (err == nil) {
			t.Errorf("at %d: %v", n, err)
		} else if may && (fmt.Sprint(low, high) != fmt.Sprintf("{10 %d} {%d 20}", n-1, n) || !low.Before(high)) {
			t.Errorf("at %d: %v and %v", n, low, high)
		}
	}
	if _, _, err := All.Split(All.Middle()); err != nil || All.Middle() != (Key{1 << 63, 0}) {
		t.Errorf("the middle is %v, %v", All.Middle(), err)
	}
	if high := (Range{Key{1 << 63, 0}, Greatest}); high.Middle() != (Key{3 << 62, 0}) {
		t.Errorf("the middle is %v", high.Middle())
	}
	if _, _, err := (Range{Greatest, Greatest}).Split(Greatest); err == nil {
		t.Error("a range of one is split")
	}
	if All.Before(All) || (Range{Greatest, Greatest}).Before(Range{Least, Least}) {
		t.Error("the first is behind the last")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("340282366920938463463374607431768211455")
	f.Fuzz(func(t *testing.T, text string) {
		k, err := Parse(text)
		if n, is := new(big.Int).SetString(text, 10); err == nil && (!is || number(k).Cmp(n) != 0 || k.String() != text) {
			t.Fatalf("%q is read as %v", text, k)
		}
	})
}
