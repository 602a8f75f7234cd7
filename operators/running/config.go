package running

import (
	"fmt"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Config is a running aggregation as a job declares it.
type Config struct {
	Input      *record.Schema
	Keys       []int // columns of Input; none is one group over all rows
	Aggregates []agg.Call
}

// compiled is a Config that is checked; subtasks share it.
type compiled struct {
	Config
	set       *agg.Set
	keyFields []record.Field
	output    *record.Schema
}

// New checks a configuration. It returns what makes the operator and the schema of its
// results: keys in the order of Keys, and aggregates in theirs.
//
//	Input:   key columns, argument and filter columns, event time, in any order; no
//	         changelogs.
//	Output:  a changelog of key columns and aggregates, by the key; see [Config.Changelog].
//	State:   one row per key, for good.
//	Fires:   once for each batch and key whose result it changes.
//	Late:    no row is: all take part.
//	Errors:  a sum of int64 that int64 cannot hold when it is to leave. Where rows that
//	         bring it back come in the same batch, it does not.
func New(c Config) (stream.NewOperator, *record.Schema, error) {
	set, err := agg.Compile(c.Aggregates, c.Input)
	if err != nil {
		return nil, nil, err
	}
	k := &compiled{Config: c, set: set}
	for _, i := range c.Keys {
		k.keyFields = append(k.keyFields, c.Input.Field(i))
	}
	fields := append([]record.Field(nil), k.keyFields...)
	if k.output, err = record.NewSchema(append(fields, set.Results()...)...); err != nil {
		return nil, nil, fmt.Errorf("%w in the result of the aggregation: rename a key or an aggregate with AS", err)
	}
	return k.newOperator, k.output, nil
}

// Changelog returns what the rows of the result mean.
func (c Config) Changelog() *stream.Changelog {
	key := []string{}
	for _, i := range c.Keys {
		key = append(key, c.Input.Field(i).Name)
	}
	return &stream.Changelog{Key: key, UpdateBefore: true}
}
