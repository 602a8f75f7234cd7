package syntax_test

import (
	"fmt"

	"github.com/weirstream/weir/operators/expr/syntax"
)

func Example() {
	e, errs := syntax.Parse("price*0.908>100 and not(bidder is null)")
	if errs != nil {
		fmt.Println(errs)
		return
	}
	and := e.Root.(*syntax.Binary)
	at := and.Left.Where()
	fmt.Println(e)
	fmt.Println(and.Op, "of", e.Text[at.Start:at.End])
	// Output:
	// price * 0.908 > 100 AND NOT bidder IS NULL
	// AND of price*0.908>100
}

// An error points to its place in the text.
func ExampleErrors() {
	const text = "price > 10 0"
	_, errs := syntax.Parse(text)
	for _, e := range errs {
		fmt.Printf("%s: %q\n", e.Message, text[e.Start:e.End])
	}
	// Output:
	// found 0 where an operator or the end should stand: "0"
}

// A column keeps its name; what is computed needs one.
func ExampleParseSelectItem() {
	for _, text := range []string{"bid.price", "price * 2 AS twice", "price * 2"} {
		item, errs := syntax.ParseSelectItem(text)
		if errs != nil {
			fmt.Println(errs)
			continue
		}
		fmt.Printf("%s: %v\n", item.Name, item.Expr)
	}
	// Output:
	// price: bid.price
	// twice: price * 2
	// at 0: price * 2 needs a name; write: price * 2 AS name
}
