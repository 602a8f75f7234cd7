package expr

import "github.com/weirstream/weir/runtime/record"

// castRule is how values of one kind of type are cast to another.
type castRule struct {
	from, to record.Kind
	fails    bool // some values cannot be converted
	build    builder
}
