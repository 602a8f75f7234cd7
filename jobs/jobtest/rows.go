package jobtest

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// column is a column of the model, in the order that rows are drawn in.
type column int

const (
	at column = iota
	key
	id
	price
	day
	tag
	value
	items // a list, which goes along as its JSON
	item  // an element of it, likewise
	width
)

var names = [width]string{"at", "key", "id", "price", "day", "tag", "value", "items", "item"}

// row is a record of the input, or what steps have made of one.
type row struct {
	at       record.Time // in whole seconds
	cells    [width]cell
	elements []element // of items
}

// element of items; null as a whole or in part.
type element struct {
	null     bool
	sku, qty cell
}

func (e element) json() cell {
	if e.null {
		return cell{}
	}
	return cell{text: fmt.Sprintf(`{"sku":%s,"qty":%s}`, e.sku.json(), e.qty.json())}
}

// line draws columns of a row, as [canonical] does those of sinks.
func (r row) line(columns []column) string {
	var b strings.Builder
	for _, c := range columns {
		b.WriteString(r.cells[c].text + "|")
	}
	return b.String()
}

// pools holds the values that a scenario draws its rows from: few, so that rows
// meet in groups, and of each type some that a mistake would confuse.
type pools struct {
	random *rand.Rand
	of     [width][]cell
}

func drawPools(random *rand.Rand, valueType string) *pools {
	p := &pools{random: random}
	firstDay := []int64{15706, -4}[random.IntN(2)] // January 2013, or around 1970
	for range some(random, 30) {
		p.add(key, text(fmt.Sprintf("key %d", random.IntN(40))))
		p.add(id, drawInt32(random))
		p.add(price, drawDecimal(random))
		p.add(day, date(firstDay+random.Int64N(8)))
		p.add(tag, bytesOf(strings.Repeat("\x00", random.IntN(3))+string(rune('a'+random.IntN(9)))+strings.Repeat("\xff", random.IntN(9))))
	}
	for range 9 {
		switch valueType {
		case "int64":
			p.add(value, integer(random.Int64N(9)-random.Int64N(2)*random.Int64N(1<<40)))
		case "int32":
			p.add(value, drawInt32(random))
		default:
			p.add(value, drawDecimal(random))
		}
	}
	return p
}

func (p *pools) add(c column, v cell) { p.of[c] = append(p.of[c], v) }

func (p *pools) draw(c column, nulls int) cell {
	if p.random.IntN(nulls) == 0 {
		return cell{}
	}
	return p.of[c][p.random.IntN(len(p.of[c]))]
}

func drawInt32(random *rand.Rand) cell {
	return integer([]int64{random.Int64N(9), random.Int64N(9), -random.Int64N(300), 1<<31 - 1, -1<<31 + 1}[random.IntN(5)])
}

const (
	decimalType  = `decimal(30,4)`
	decimalScale = 4
)

// drawDecimal draws small numbers, and such that differ from small ones in
// their upper 64 bits only.
func drawDecimal(random *rand.Rand) cell {
	units := big.NewInt(random.Int64N(8) * []int64{1, 5000, 10000}[random.IntN(3)])
	switch random.IntN(4) {
	case 0:
		units.Add(units, new(big.Int).Lsh(big.NewInt(1+random.Int64N(2)), 64))
	case 1:
		units.Neg(units)
	}
	return number(units, decimalScale)
}

// drawRows draws the rows of all files.
func (in *input) drawRows(rows, files int, disorder int64) {
	in.splits = make([][]row, files)
	from := drawPools(in.random, in.valueType)
	for i := range in.splits {
		clock := in.random.Int64N(20)
		for range rows / files {
			clock += in.random.Int64N(4)
			r := in.drawRow(from)
			r.at = in.origin + record.Time(clock-in.random.Int64N(disorder+1))*second
			r.cells[at] = timestamp(r.at)
			in.splits[i] = append(in.splits[i], r)
		}
	}
}

func (in *input) drawRow(from *pools) (r row) {
	for c := key; c <= tag; c++ {
		r.cells[c] = from.draw(c, 20)
	}
	if !in.listed {
		r.cells[value] = from.draw(value, 10)
	}
	if !in.json || in.random.IntN(10) == 0 {
		return r
	}
	var texts []string
	for range in.random.IntN(4) {
		e := element{sku: from.draw(key, 5), qty: from.draw(value, 10)}
		if in.random.IntN(10) == 0 {
			e = element{null: true}
		}
		r.elements = append(r.elements, e)
		texts = append(texts, e.json().json())
	}
	r.cells[items] = cell{text: "[" + strings.Join(texts, ",") + "]"}
	return r
}
