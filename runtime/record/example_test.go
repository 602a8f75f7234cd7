package record_test

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
)

// A batch is columns of equal length, built in memory that a pool lends.
func Example() {
	schema := record.MustSchema(
		record.Field{Name: "origin", Type: record.String},
		record.Field{Name: "delay", Type: record.Int64},
	)
	pool := record.NewPool()
	origins, delays := pool.NewColumn(record.String, 3), pool.NewColumn(record.Int64, 3)
	for i, origin := range []string{"EWR", "JFK"} {
		origins.AppendString([]byte(origin))
		delays.AppendInt64(int64(10 * i))
	}
	origins.AppendNull()
	delays.AppendInt64(40)

	b := pool.NewBatch(schema, 3)
	b.Columns = append(b.Columns, origins, delays)
	defer b.Release() // and with it the columns
	for i := range b.Len() {
		fmt.Printf("%s %t %d\n", origins.AppendText(nil, i), origins.IsNull(i), delays.Int64s()[i])
	}
	// Output:
	// EWR false 0
	// JFK false 10
	//  true 40
}

// A selection leaves out rows without moving any.
func ExampleBatch_Select() {
	pool := record.NewPool()
	numbers := pool.NewColumn(record.Int64, 6)
	for n := range int64(6) {
		numbers.AppendInt64(n)
	}
	b := pool.NewBatch(record.MustSchema(record.Field{Name: "n", Type: record.Int64}), 6)
	b.Columns = append(b.Columns, numbers)

	odd := b.Select([]int32{1, 3, 5}) // takes over the reference to b
	fmt.Println(odd.Len(), "of", odd.Physical(), "rows")
	dense := odd.Dense() // as if there had never been others
	defer dense.Release()
	fmt.Println(dense.Columns[0].Int64s())
	// Output:
	// 3 of 6 rows
	// [1 3 5]
}

// Times are microseconds since 1970, in UTC.
func ExampleParseTime() {
	t, err := record.ParseTime([]byte("2013-01-05T18:00:00.25Z"))
	fmt.Println(int64(t), t, err)
	// Output: 1357408800250000 2013-01-05T18:00:00.25Z <nil>
}

// A type is written as in a job file.
func ExampleParseType() {
	t, err := record.ParseType("list<struct<sku string, price decimal(9, 2)>>")
	fmt.Println(t, err)
	_, err = record.ParseType("integer")
	fmt.Println(err)
	// Output:
	// list<struct<sku string, price decimal(9,2)>> <nil>
	// there is no type "integer"
}
