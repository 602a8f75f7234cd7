package window

import (
	"fmt"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Config is a windowed aggregation as a job declares it.
type Config struct {
	Input      *record.Schema
	Keys       []int // columns of Input; none is one group over all rows
	Shape      Shape
	Lateness   time.Duration // allowed lateness: how long after its end a window waits for rows
	Aggregates []agg.Call
	// AnyLate puts a row on [stream.Late] that is late for one of its windows; it counts in
	// the others all the same. Without it only rows late for all of them leave there.
	AnyLate bool
}

// Shape is where windows lie: a [Hop], a [Calendar] or a [Session].
type Shape interface {
	validate() error
	open(opening) (windows, error)
	// firesAfter is by how much the watermark passes a window's end before the
	// window fires, apart from lateness.
	firesAfter() time.Duration
}

// The names of the columns that a result has besides keys and aggregates.
const (
	StartColumn = "window_start"
	EndColumn   = "window_end"
)

// compiled is a Config that is checked; subtasks share it.
type compiled struct {
	Config
	set       *agg.Set
	keyFields []record.Field
	output    *record.Schema
}

// New checks a configuration. It returns what makes the operator and the schema
// of its results: keys in the order of Keys, window_start, window_end, aggregates
// in their order. Late rows leave on [stream.Late] as they came.
func New(c Config) (stream.NewOperator, *record.Schema, error) {
	if err := c.Shape.validate(); err != nil {
		return nil, nil, err
	}
	if c.Lateness < 0 {
		return nil, nil, fmt.Errorf("allowed_lateness %v is negative", c.Lateness)
	}
	set, err := agg.Compile(c.Aggregates, c.Input)
	if err != nil {
		return nil, nil, err
	}
	k := &compiled{Config: c, set: set}
	for _, i := range c.Keys {
		k.keyFields = append(k.keyFields, c.Input.Field(i))
	}
	fields := append([]record.Field(nil), k.keyFields...)
	fields = append(fields, record.Field{Name: StartColumn, Type: record.Timestamp},
		record.Field{Name: EndColumn, Type: record.Timestamp})
	if k.output, err = record.NewSchema(append(fields, set.Results()...)...); err != nil {
		return nil, nil, fmt.Errorf("%w in the result of the window: rename a key or an aggregate with AS", err)
	}
	return k.newOperator, k.output, nil
}

// Uses returns, for each aggregate of a configuration that [New] takes, the parts of the
// state that it is computed from. Where a job is given another aggregate whose parts are
// kept for others, it misses nothing; otherwise it is NULL in windows that are open.
func (c Config) Uses() [][]string {
	set := c.mustCompile()
	uses := make([][]string, len(c.Aggregates))
	for i := range uses {
		uses[i] = set.Uses(i)
	}
	return uses
}

// FormerUses returns, of each of Uses, which other parts do as well ([agg.Set.FormerUses]).
func (c Config) FormerUses() [][][]string {
	set := c.mustCompile()
	former := make([][][]string, len(c.Aggregates))
	for i := range former {
		former[i] = set.FormerUses(i)
	}
	return former
}

func (c Config) mustCompile() *agg.Set {
	set, err := agg.Compile(c.Aggregates, c.Input)
	if err != nil {
		panic("window: the parts of a configuration that New refuses: " + err.Error())
	}
	return set
}
