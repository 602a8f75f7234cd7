package agg

import (
	"fmt"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// Functions describes all aggregate functions.
func Functions() []component.FunctionDoc {
	docs := make([]component.FunctionDoc, len(functions))
	for i, f := range functions {
		docs[i] = component.FunctionDoc{Name: f.name, Signatures: f.signatures(), Summary: f.summary, Examples: f.examples}
	}
	return docs
}

func (f *function) signatures() []string {
	var all []string
	if f.star {
		all = append(all, fmt.Sprintf("%s(*) → %v", f.name, f.plan(record.Type{}).result))
	}
	if len(f.takes) < len(anyKind) {
		for _, k := range f.takes {
			t := record.Type{Kind: k}
			all = append(all, fmt.Sprintf("%s(x %v) → %v", f.name, t, f.plan(t).result))
		}
		return all
	}
	result := "any"
	if f.star { // what it gives does not depend on the argument
		result = f.plan(record.Type{}).result.String()
	}
	all = append(all, fmt.Sprintf("%s(x any) → %s", f.name, result))
	if f == &countFunction {
		all = append(all, fmt.Sprintf("%s(DISTINCT x any) → %v", f.name, distinctPlan.result))
	}
	return all
}
