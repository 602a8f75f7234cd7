package sequence

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"
)

// hex is the layout as the service's numbers show it, digit by digit.
func hex(n Number) *big.Int {
	text := fmt.Sprintf("2%09x%x%016x00%09x%08x2", n.Created, n.Shard&0xf, n.Counter, n.Time, n.Shard)
	i, ok := new(big.Int).SetString(text, 16)
	if !ok {
		panic(text)
	}
	return i
}

func random(r *rand.Rand) Number {
	some := func(bits int) uint64 {
		most := uint64(1)<<(bits-1)<<1 - 1
		return []uint64{0, 1, most, most - 1, r.Uint64() & most, r.Uint64() & most >> r.IntN(bits)}[r.IntN(6)]
	}
	return Number{some(36), uint32(some(32)), some(64), some(36)}
}

// The decimal text is that of the layout, is read back, and compares as the number does.
func TestLayout(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 50_000 {
		n, other := random(r), random(r)
		text := n.String()
		if text != hex(n).String() {
			t.Fatalf("%+v is %s, not %s", n, text, hex(n))
		}
		if back, err := Parse(text); err != nil || back != n {
			t.Fatalf("%s is read as %+v, %v, not %+v", text, back, err, n)
		}
		if n.Compare(other) != hex(n).Cmp(hex(other)) {
			t.Fatalf("%+v and %+v compare as %d", n, other, n.Compare(other))
		}
	}
	now := Number{Created: 1_700_000_000, Shard: 17, Counter: 1, Time: 1_700_000_100}
	if text := now.String(); len(text) != 56 {
		t.Errorf("today's are like %s", text)
	}
}

// What is no sequence number is refused.
func TestParse(t *testing.T) {
	good := hex(Number{Created: 5, Shard: 17, Counter: 1, Time: 7})
	for _, text := range []string{"", "0", "1", "-1", "x", "0" + good.String(), good.String() + "0", good.String()[1:],
		new(big.Int).Add(good, big.NewInt(1)).String(), new(big.Int).Xor(good, new(big.Int).Lsh(big.NewInt(1), 145)).String(),
		new(big.Int).Lsh(big.NewInt(1), 192).String(), new(big.Int).Lsh(big.NewInt(1), 400).String()} {
		if n, err := Parse(text); err == nil {
			t.Errorf("%q is read as %+v", text, n)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Number{Created: 5, Shard: 17, Counter: 1, Time: 7}.String())
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := Parse(text); err == nil && n.String() != text {
			t.Fatalf("%q is read as %v", text, n)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	var buf []byte
	for i := range b.N {
		buf = Number{Created: 1_700_000_000, Shard: 17, Counter: uint64(i), Time: 1_700_000_100}.Append(buf[:0])
	}
}
