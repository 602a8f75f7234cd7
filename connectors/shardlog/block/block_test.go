package block

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

const salt = Salt(0xfeed)

// put is a record where it was put.
type put struct {
	shard   uint32
	counter uint64
	key     string
	data    string
}

// written is blocks with what is in them.
type written struct {
	bytes  []byte
	blocks [][]put
	ends   []int // of each block
}

// write makes blocks of records with keys and data of all lengths, among them data that looks like
// blocks of another log.
func write(r *rand.Rand, blocks int) (w written) {
	counters := map[uint32]uint64{}
	for range blocks {
		h := Header{Kind: Records, Shard: r.Uint32N(3), At: int64(r.Uint64N(1 << 40))}
		h.First = counters[h.Shard] + 1
		records := make([]Record, 1+r.IntN(4)*r.IntN(4))
		var puts []put
		for i := range records {
			key, data := make([]byte, r.IntN(20)), make([]byte, r.IntN(60))
			for j := range data {
				data[j] = byte(r.Uint32())
			}
			if r.IntN(4) == 0 {
				data = Append(nil, salt+1, h, []Record{{key, data}, {key, data}})
			}
			records[i] = Record{key, data}
			counters[h.Shard]++
			puts = append(puts, put{h.Shard, counters[h.Shard], string(key), string(data)})
		}
		w.bytes = Append(w.bytes, salt, h, records)
		w.blocks, w.ends = append(w.blocks, puts), append(w.ends, len(w.bytes))
	}
	return w
}

// read returns what is found in blocks, how many records of them are damaged, and how many bytes are in none.
func read(b []byte) (puts []put, damaged, strays int, worn bool) {
	s := NewScanner(b, salt)
	at := 0
	for i, more := s.Next(); more; i, more = s.Next() {
		if i.Offset != at || i.Length < 1 {
			panic(fmt.Sprintf("an item at %d behind %d, %d bytes long", i.Offset, at, i.Length))
		}
		at += i.Length
		if i.Damaged {
			strays += i.Length
			continue
		}
		worn = worn || i.Worn
		damaged += i.Each(func(counter uint64, r Record) bool {
			puts = append(puts, put{i.Header.Shard, counter, string(r.Key), string(r.Data)})
			return true
		})
	}
	if at != len(b) {
		panic(fmt.Sprintf("%d of %d bytes are read", at, len(b)))
	}
	return puts, damaged, strays, worn
}

// What is written is read.
func TestBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		w := write(r, r.IntN(10))
		puts, damaged, strays, worn := read(w.bytes)
		if !slices.Equal(puts, slices.Concat(w.blocks...)) || damaged+strays > 0 || worn {
			t.Fatalf("read are %v, not %v; %d damaged, %d bytes stray, worn %v", puts, w.blocks, damaged, strays, worn)
		}
	}
}

// Each bit that is flipped is noticed, and hides at most the record that it is in.
func TestFlippedBits(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 3 {
		w := write(r, 6)
		all := slices.Concat(w.blocks...)
		for bit := range 8 * len(w.bytes) {
			w.bytes[bit/8] ^= 1 << (bit % 8)
			puts, damaged, strays, worn := read(w.bytes)
			w.bytes[bit/8] ^= 1 << (bit % 8)
			if damaged+strays == 0 && !worn {
				t.Fatalf("bit %d is not missed", bit)
			}
			if missing := without(all, puts); len(missing) > 1 || len(all) != len(puts)+len(missing) {
				t.Fatalf("bit %d: %d records are missing, %d more than there were are found", bit, len(missing), len(puts)+len(missing)-len(all))
			}
			if len(puts) == len(all) && damaged > 0 {
				t.Fatalf("bit %d: nothing is missing, and %d are counted", bit, damaged)
			}
		}
	}
}

// without returns what of puts is not in found.
func without(puts, found []put) (missing []put) {
	for _, p := range puts {
		if !slices.Contains(found, p) {
			missing = append(missing, p)
		}
	}
	return missing
}

// Whatever is made of a part of the bytes, what lies beside it is found, and nothing that was never
// written.
func TestDamage(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for n := range 4000 {
		w := write(r, 8)
		from := r.IntN(len(w.bytes))
		to := min(len(w.bytes), from+1+r.IntN(120))
		damaged := bytes.Clone(w.bytes)
		switch n % 4 {
		case 0:
			clear(damaged[from:to])
		case 1:
			for i := from; i < to; i++ {
				damaged[i] = byte(r.Uint32())
			}
		case 2:
			damaged = slices.Delete(damaged, from, to)
		case 3:
			damaged = slices.Insert(damaged, from, damaged[from:to]...)
			to = from
		}
		puts, _, _, _ := read(damaged)
		for _, p := range puts {
			if !slices.Contains(slices.Concat(w.blocks...), p) {
				t.Fatalf("case %d: %+v was never written", n, p)
			}
		}
		for i, block := range w.blocks {
			begin := 0
			if i > 0 {
				begin = w.ends[i-1]
			}
			if beside := w.ends[i] <= from || begin >= to; beside && len(without(block, puts)) > 0 {
				t.Fatalf("case %d: from %d to %d is damaged, and of the block from %d to %d records are missing", n, from, to, begin, w.ends[i])
			}
		}
	}
}

// Of a file that ends early the blocks before its end are found.
func TestCut(t *testing.T) {
	w := write(rand.New(rand.NewPCG(4, 4)), 12)
	for end := range w.bytes {
		whole := 0
		for whole < len(w.ends) && w.ends[whole] <= end {
			whole++
		}
		puts, _, _, _ := read(w.bytes[:end])
		if before := slices.Concat(w.blocks[:whole]...); len(without(before, puts)) > 0 {
			t.Fatalf("cut at %d: %d are missing", end, len(without(before, puts)))
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add(write(rand.New(rand.NewPCG(5, 5)), 3).bytes)
	f.Fuzz(func(t *testing.T, b []byte) { read(b) })
}

// The largest records and blocks there may be.
func TestLimits(t *testing.T) {
	large := Record{make([]byte, MostKey), make([]byte, MostData)}
	if puts, damaged, strays, _ := read(Append(nil, salt, Header{Kind: Records, First: 1}, []Record{large, large})); len(puts) != 2 || damaged+strays > 0 {
		t.Errorf("of two large records %d are read", len(puts))
	}
	if puts, damaged, strays, _ := read(Append(nil, salt, Header{Kind: Records, First: 1}, make([]Record, MostCount))); len(puts) != MostCount || damaged+strays > 0 {
		t.Errorf("of %d records %d are read", MostCount, len(puts))
	}
}

func BenchmarkBlocks(b *testing.B) {
	for _, size := range []int{100, 1000} {
		records := make([]Record, 500)
		for i := range records {
			records[i] = Record{[]byte("customer-4711"), make([]byte, size)}
		}
		block := Append(nil, salt, Header{Kind: Records, First: 1}, records)
		b.Run(fmt.Sprintf("write/%dB", size), func(b *testing.B) {
			b.SetBytes(int64(len(block)))
			for range b.N {
				block = Append(block[:0], salt, Header{Kind: Records, First: 1}, records)
			}
			b.ReportMetric(float64(500*b.N)/b.Elapsed().Seconds(), "records/s")
		})
		b.Run(fmt.Sprintf("read/%dB", size), func(b *testing.B) {
			b.SetBytes(int64(len(block)))
			n := 0
			for range b.N {
				s := NewScanner(block, salt)
				for i, more := s.Next(); more; i, more = s.Next() {
					i.Each(func(uint64, Record) bool { n++; return true })
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
