package deadletter_test

import (
	"fmt"

	"github.com/weirstream/weir/jobs/deadletter"
)

func ExampleGroups() {
	var groups deadletter.Groups
	for i, text := range []string{
		`column "amount": "twelve" is not a whole number; mend it`,
		`column "price": "twelve" is not a whole number`,
		`column "amount": "five" is not a whole number`,
		"5 is too much for 3",
		"7 is too much for 3",
		"7 is too much for 3",
	} {
		groups.Add(deadletter.Letter{Step: "payments", Position: fmt.Sprintf("payments.csv:%d", i+2), Error: text})
	}
	for _, g := range groups.All() {
		fmt.Println(g.Count, g.First.Step, g.Message(), g.First.Position)
	}
	// Output:
	// 3 payments … is too much for 3 payments.csv:5
	// 2 payments column "amount": … is not a whole number payments.csv:2
	// 1 payments column "price": "twelve" is not a whole number payments.csv:3
}
