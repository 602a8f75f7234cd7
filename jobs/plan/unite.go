package plan

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
)

// Unite returns what is wrong with reading several outputs together, whose columns
// must be the same. All of them are known.
func Unite(inputs []Ref) []Problem {
	first := inputs[0].Schema()
	for i, in := range inputs {
		if difference := differ(first, in.Schema()); difference != "" {
			return []Problem{{At: Place{TheUnion, i}, Message: fmt.Sprintf("%s does not fit %s: %s", in, inputs[0], difference)}}
		}
	}
	return nil
}

// differ says how two schemas differ, "" if they do not.
func differ(a, b *record.Schema) string {
	for i := range max(a.Len(), b.Len()) {
		switch {
		case i >= b.Len():
			return fmt.Sprintf("it lacks the column %q", a.Field(i).Name)
		case i >= a.Len():
			return fmt.Sprintf("it also has the column %q", b.Field(i).Name)
		case a.Field(i) != b.Field(i):
			return fmt.Sprintf("column %d is %s %v there and %s %v here; select the same columns in both",
				i+1, a.Field(i).Name, a.Field(i).Type, b.Field(i).Name, b.Field(i).Type)
		}
	}
	return ""
}
