package inspect

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// Query says which rows of a step are wanted.
type Query struct {
	Step  string
	Table string // "" is the only one
	Where string // an SQL condition over the columns; "" is all rows
}

// ErrEnough ends a query early.
var ErrEnough = errors.New("these are rows enough")

// Rows calls do with the rows of a query, some at a time, until it returns an error. first is
// called before, with the columns. The batches are do's to release.
func (f *Folder) Rows(ctx context.Context, q Query, first func(*record.Schema) error, do func(*record.Batch) error) error {
	step, err := f.find(q.Step)
	if err != nil {
		return err
	}
	r := reader{query: q, first: first, do: do, pool: record.NewPool()}
	for _, entry := range step.Subtasks {
		if len(entry.Objects) == 0 {
			continue
		}
		err := f.withStored(ctx, entry.Objects, func(stored *state.Stored) error { return r.read(ctx, stored) })
		if errors.Is(err, ErrEnough) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	if r.began {
		return nil
	}
	return fmt.Errorf("%s holds no table of step %q: it is a %s, and keeps nothing in rows", f.Dir, q.Step, kindOf(step))
}

// reader reads the rows of a query, from one subtask after the other.
type reader struct {
	query Query
	first func(*record.Schema) error
	do    func(*record.Batch) error
	pool  *record.Pool
	began bool
	where *expr.Program // nil is all rows
}

func (r *reader) read(ctx context.Context, stored *state.Stored) error {
	t, err := r.table(stored.Tables())
	if err != nil {
		return err
	}
	if !r.began {
		if err := r.begin(t.Schema()); err != nil {
			return err
		}
	}
	return t.Rows(r.pool, func(b *record.Batch) error {
		if err := ctx.Err(); err != nil {
			b.Release()
			return err
		}
		return r.filter(b)
	})
}

// table returns the table that is wanted.
func (r *reader) table(tables []state.StoredTable) (*state.StoredTable, error) {
	var names []string
	for i := range tables {
		if tables[i].Spec.Name == r.query.Table || r.query.Table == "" && len(tables) == 1 {
			return &tables[i], nil
		}
		names = append(names, tables[i].Spec.Name)
	}
	if r.query.Table == "" {
		return nil, fmt.Errorf("step %q has %d tables; name one%s", r.query.Step, len(tables), component.Known("", names))
	}
	return nil, fmt.Errorf("step %q has no table %q%s", r.query.Step, r.query.Table, component.Known(r.query.Table, names))
}

// begin tells of the columns, and compiles the condition.
func (r *reader) begin(schema *record.Schema) error {
	r.began = true
	if r.query.Where != "" {
		e, errs := expr.Parse(r.query.Where)
		var checked *expr.Checked
		if errs == nil {
			checked, errs = expr.CheckCondition(e, schema)
		}
		if errs != nil {
			return fmt.Errorf("--where: %s", errs[0].Message)
		}
		r.where = checked.Compile(r.pool)
	}
	return r.first(schema)
}

// filter passes on those rows of a batch that the condition is true of.
func (r *reader) filter(b *record.Batch) error {
	if r.where != nil {
		rows, failures := r.where.Select(b, b.Selection())
		if len(failures) > 0 {
			b.Release()
			return fmt.Errorf("--where: %w", failures[0].Err)
		}
		b = b.Select(rows).Dense() // as sinks are used to
	}
	if b.Len() == 0 {
		b.Release()
		return nil
	}
	return r.do(b)
}

// Verify reads all objects, and compares their digests and all that is inside. It returns what
// is wrong with each that is damaged, and how much was read.
func (f *Folder) Verify(ctx context.Context) (damage []error, objects int, bytes int64, err error) {
	unsound := map[string]bool{}
	for ref := range f.Manifest.Objects() {
		if err := ctx.Err(); err != nil {
			return damage, objects, bytes, err
		}
		objects, bytes = objects+1, bytes+ref.Length
		if err := f.Taken.Verify(ctx, ref); err != nil {
			damage = append(damage, err)
			unsound[ref.Name] = true
		}
	}
	for _, s := range f.Manifest.Steps {
		for _, entry := range s.Subtasks {
			isUnsound := func(ref checkpoint.ObjectRef) bool { return unsound[ref.Name] }
			if len(entry.Objects) == 0 || slices.ContainsFunc(entry.Objects, isUnsound) {
				continue
			}
			if err := f.withStored(ctx, entry.Objects, readAll); err != nil {
				damage = append(damage, err)
			}
		}
	}
	return damage, objects, bytes, nil
}

// readAll decodes all rows.
func readAll(stored *state.Stored) error {
	pool := record.NewPool()
	for _, t := range stored.Tables() {
		err := t.Rows(pool, func(b *record.Batch) error {
			b.Release()
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
