package expr_test

import (
	"fmt"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/record"
)

// bids returns a batch of three rows, of which one has no price.
func bids(pool *record.Pool) *record.Batch {
	schema := record.MustSchema(record.Field{Name: "bidder", Type: record.String}, record.Field{Name: "price", Type: record.Int64})
	bidder, price := pool.NewColumn(record.String, 3), pool.NewColumn(record.Int64, 3)
	for _, name := range []string{"ann", "bo", "cy"} {
		bidder.AppendString([]byte(name))
	}
	price.AppendInt64(120)
	price.AppendNull()
	price.AppendInt64(0)
	b := pool.NewBatch(schema, 3)
	b.Columns = append(b.Columns, bidder, price)
	return b
}

// An expression is read, checked against a schema, and computed for batches.
func Example() {
	pool := record.NewPool()
	batch := bids(pool)
	e, errs := expr.Parse("upper(bidder) || ' bids ' || coalesce(CAST(price AS string), 'nothing')")
	if errs != nil {
		fmt.Println(errs)
		return
	}
	checked, errs := expr.Check(e, batch.Schema)
	if errs != nil {
		fmt.Println(errs)
		return
	}
	column, _ := checked.Compile(pool).Eval(batch, nil)
	for row := range column.Len() {
		fmt.Println(string(column.AppendText(nil, row)))
	}
	column.Release()
	batch.Release()
	// Output:
	// ANN bids 120
	// BO bids nothing
	// CY bids 0
}

// Rows for which there is no value fail alone.
func ExampleProgram_Select() {
	pool := record.NewPool()
	batch := bids(pool)
	e, _ := expr.Parse("1000 / price > 5")
	checked, errs := expr.CheckCondition(e, batch.Schema)
	if errs != nil {
		fmt.Println(errs)
		return
	}
	rows, failures := checked.Compile(pool).Select(batch, nil)
	fmt.Println("rows", rows)
	for _, f := range failures {
		fmt.Printf("row %d: %v\n", f.Row, f.Err)
	}
	batch.Release()
	// Output:
	// rows [0]
	// row 2: 1000 / price: division by zero
}

// What is wrong with an expression is said all at once, with its place.
func ExampleCheck() {
	pool := record.NewPool()
	batch := bids(pool)
	e, _ := expr.Parse("lower(price) = bider")
	_, errs := expr.Check(e, batch.Schema)
	for _, err := range errs {
		fmt.Println(err)
	}
	batch.Release()
	// Output:
	// at 0: lower does not take (int64); it takes (string); write CAST(price AS string)
	// at 15: there is no column "bider"; did you mean "bidder"?
}
