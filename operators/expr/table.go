package expr

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// Shorthands for the table below.
var (
	boolT    = []record.Type{record.Bool}
	bools    = []record.Type{record.Bool, record.Bool}
	int32T   = []record.Type{record.Int32}
	int32s   = []record.Type{record.Int32, record.Int32}
	intT     = []record.Type{record.Int64}
	intInt   = []record.Type{record.Int64, record.Int64}
	decimalT = []record.Type{kernel.AnyDecimal}
	decimal2 = []record.Type{kernel.AnyDecimal, kernel.AnyDecimal}
	floatT   = []record.Type{record.Float64}
	floats   = []record.Type{record.Float64, record.Float64}
)
