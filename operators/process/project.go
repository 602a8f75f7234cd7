// Package process holds the operators that treat each row for itself.
//
// [Project] is filter, projection and, with neither, union: any number of edges
// may feed its one input.
package process

import (
	"fmt"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Column is one column of a result.
type Column struct {
	Name string
	Expr *expr.Checked // over the rows of Config.Input
}

// Config says what a [Project] does.
type Config struct {
	Input *record.Schema
	// Where keeps the rows for which it is TRUE; nil keeps all. It is a bool.
	Where *expr.Checked
	// Columns are the columns of the result, in order; nil passes those of the
	// input on.
	Columns []Column
	// OnError is what happens to rows for which Where or a column has no value.
	OnError stream.OnError
}

// Schema returns the schema of the result, or an error where two columns have
// one name.
func (c Config) Schema() (*record.Schema, error) {
	if c.Columns == nil {
		return c.Input, nil
	}
	fields := make([]record.Field, len(c.Columns))
	for i, column := range c.Columns {
		fields[i] = record.Field{Name: column.Name, Type: column.Expr.Type()}
	}
	return record.NewSchema(fields...)
}

// New returns the maker of a projection's subtasks. The error is that of
// [Config.Schema], or of a Where that is no bool.
func New(c Config) (stream.NewOperator, error) {
	schema, err := c.Schema()
	if err != nil {
		return nil, err
	}
	if c.Where != nil && c.Where.Type() != record.Bool {
		return nil, fmt.Errorf("where: %s is %v, not a condition", c.Where, c.Where.Type())
	}
	return func(ctx stream.OperatorContext) (stream.Operator, error) {
		return newProject(c, schema, ctx), nil
	}, nil
}

// Project keeps the rows that satisfy a condition and computes columns of them.
//
//	Input:   rows in any order, changelogs included.
//	Output:  one row per row kept, in the same order, with its event time, row
//	         watermark and row kind. Columns that are passed on are shared, not
//	         copied; rows that are turned away stay in memory, unselected, until
//	         somebody makes the batch dense. Batches without rows are not emitted.
//	         The half of an update whose other half does not pass is a Delete or
//	         an Insert.
//	State:   none.
//	Errors:  a row without a value is counted as dropped, goes to DeadLetter or
//	         fails the job, as OnError says. A row fails once, at the first piece
//	         that has no value: the condition, then the columns in order.
type Project struct {
	config  Config
	schema  *record.Schema
	ctx     stream.OperatorContext
	where   *expr.Program // or nil
	columns []*expr.Program
	kept    []int32 // scratch: rows that did not fail
	failed  failures
}

func newProject(c Config, schema *record.Schema, ctx stream.OperatorContext) *Project {
	p := &Project{config: c, schema: schema, ctx: ctx}
	if c.Where != nil {
		p.where = c.Where.Compile(ctx.Pool)
	}
	for _, column := range c.Columns {
		p.columns = append(p.columns, column.Expr.Compile(ctx.Pool))
	}
	return p
}

// Step computes a batch, and passes on all else.
func (p *Project) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	if e.Kind != stream.KindBatch {
		out.Emit(stream.Main, e)
		return nil
	}
	defer e.Batch.Release()
	result, err := p.project(e.Batch)
	if err != nil {
		return err
	}
	if e.Batch.RowKinds != nil && result.Len() < e.Batch.Len() {
		p.mendUpdates(e.Batch, result)
	}
	p.count(e.Batch, result)
	if len(p.failed.rows) > 0 && p.config.OnError == stream.ToDeadLetter {
		out.Emit(stream.DeadLetter, stream.BatchOf(p.failed.letters(p.ctx, e.Batch)))
	}
	if result.Len() == 0 {
		result.Release()
		return nil
	}
	out.Emit(stream.Main, stream.BatchOf(result))
	return nil
}

// project returns the result for a batch, which may be without rows, and leaves
// in p.failed the rows that failed.
func (p *Project) project(b *record.Batch) (*record.Batch, error) {
	p.failed.reset()
	rows := b.Selection()
	if p.where != nil {
		selected, failed := p.where.Select(b, rows)
		if err := p.fail(b, "where", p.config.Where, failed); err != nil {
			return nil, err
		}
		rows = selected
	}
	if p.columns == nil {
		return narrowed(b.Retain(), b, rows), nil
	}
	return p.compute(b, rows)
}

// narrowed returns result, whose rows are those of b, with only rows selected.
func narrowed(result, b *record.Batch, rows []int32) *record.Batch {
	if rows == nil || len(rows) == b.Len() {
		return result
	}
	return result.Select(rows)
}

// compute returns a batch of all columns, of the rows that do not fail.
func (p *Project) compute(b *record.Batch, rows []int32) (*record.Batch, error) {
	result := p.ctx.Pool.NewBatch(p.schema, b.Physical())
	result.ShareSlots(b)
	for i, program := range p.columns {
		column, failed := program.Eval(b, rows)
		result.Columns = append(result.Columns, column)
		if len(failed) == 0 {
			continue
		}
		if err := p.fail(b, p.config.Columns[i].Name, p.config.Columns[i].Expr, failed); err != nil {
			result.Release()
			return nil, err
		}
		rows = p.without(b, rows, failed)
	}
	return narrowed(result, b, rows), nil
}

// without returns rows, nil being all of b, without those that failed.
func (p *Project) without(b *record.Batch, rows []int32, failed []expr.Failure) []int32 {
	kept := p.kept[:0]
	if rows == nil {
		for i := range b.Physical() {
			kept = append(kept, int32(i))
		}
	} else {
		kept = append(kept, rows...)
	}
	p.kept = expr.Without(kept, failed)
	return p.kept
}

// maxRowInMessage is how many bytes of a row the error of a job shows.
const maxRowInMessage = 500

// fail notes rows that failed, or returns the error of the first one where that
// fails the job. what says which part of the step it is.
func (p *Project) fail(b *record.Batch, what string, e *expr.Checked, failed []expr.Failure) error {
	if len(failed) == 0 {
		return nil
	}
	if p.config.OnError == stream.Fail {
		first := failed[0]
		return failure.Fatal(fmt.Errorf("%s: %s: row %s: %w; on_error: drop or dead_letter would continue without the row",
			what, e, excerpt.Cut(stream.AppendRow(nil, b, int(first.Row)), maxRowInMessage), first.Err))
	}
	p.failed.add(what, failed)
	return nil
}

func (p *Project) count(b, result *record.Batch) {
	in, failed := int64(b.Len()), int64(len(p.failed.rows))
	c := p.ctx.Counters
	c.In.Add(in)
	c.Accepted.Add(in - failed)
	letters := p.config.OnError == stream.ToDeadLetter
	if letters {
		c.DeadLetters.Add(failed)
	} else {
		c.Dropped.Add(failed)
	}
	for i, row := range p.failed.rows {
		p.ctx.Rejects.Add(p.failed.errors[i], letters, func() string { return stream.WhereRow(b, int(row)) })
	}
	c.Out.Add(int64(result.Len()))
}

// Resume has nothing to go on with: a batch is emitted in the Step that took it.
func (p *Project) Resume(stream.Emitter) (bool, error) { return false, nil }

// Snapshot has nothing to write.
func (p *Project) Snapshot(stream.CheckpointID) error { return nil }

// Close has nothing to release.
func (p *Project) Close() {}
