package objstore

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Memory is a store in memory, a model of real ones for tests: its operations
// can be made to fail before or after their effect.
type Memory struct {
	mu      sync.Mutex
	objects map[string][]byte
	fault   func(Op) Outcome
}

var _ Store = (*Memory)(nil)

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{objects: map[string][]byte{}} }

// Op is one operation on a store, as faults are decided on.
type Op struct {
	Kind Kind
	Name string // the object's; the prefix of a List
}

// Kind tells operations apart.
type Kind string

// The operations of a store. A writer is begun without one.
const (
	OpWrite  Kind = "write"  // of bytes of an object
	OpPut    Kind = "put"    // a Commit that replaces
	OpCreate Kind = "create" // a Commit if the name is free
	OpOpen   Kind = "open"
	OpRead   Kind = "read" // of a range
	OpStat   Kind = "stat"
	OpList   Kind = "list"
	OpDelete Kind = "delete"
)

// String draws the operation as "create slots/3".
func (o Op) String() string { return string(o.Kind) + " " + o.Name }

// Outcome is what an injected fault makes of an operation. The zero Outcome
// lets it pass.
type Outcome struct {
	Err   error // returned instead of carrying the operation out
	After bool  // the operation is carried out before Err is returned: the reply was lost
}

// Inject has fault decide on every operation from now on; nil ends that. It is
// called before the operation, on the goroutine of the caller and without any
// lock: it may wait, and it may use the store.
func (m *Memory) Inject(fault func(Op) Outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fault = fault
}

// do carries an operation out under the lock, unless a fault keeps it from that.
func (m *Memory) do(ctx context.Context, op Op, effect func() error) error {
	if err := checkName(op.Name); err != nil && op.Kind != OpList {
		return err
	}
	m.mu.Lock()
	fault := m.fault
	m.mu.Unlock()
	var outcome Outcome
	if fault != nil {
		outcome = fault(op)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if outcome.Err != nil && !outcome.After {
		return outcome.Err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := effect(); err != nil {
		return err
	}
	return outcome.Err
}

// Write begins an object.
func (m *Memory) Write(ctx context.Context, name string, mode Mode) (Writer, error) {
	if err := cmp.Or(ctx.Err(), checkName(name)); err != nil {
		return nil, err
	}
	return &memoryWriter{ctx: ctx, store: m, name: name, mode: mode}, nil
}

// Open opens an object.
func (m *Memory) Open(ctx context.Context, name string) (Reader, error) {
	r := &memoryReader{ctx: ctx, store: m, name: name}
	err := m.do(ctx, Op{OpOpen, name}, func() (err error) {
		r.content, err = m.find(name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Stat returns the length of an object.
func (m *Memory) Stat(ctx context.Context, name string) (size int64, err error) {
	err = m.do(ctx, Op{OpStat, name}, func() error {
		content, err := m.find(name)
		size = int64(len(content))
		return err
	})
	return size, err
}

// find returns an object. REQUIRES: m.mu.
func (m *Memory) find(name string) ([]byte, error) {
	content, ok := m.objects[name]
	if !ok {
		return nil, ErrNotFound
	}
	return content, nil
}

// List returns the names that begin with prefix, sorted.
func (m *Memory) List(ctx context.Context, prefix string) (names []string, err error) {
	err = m.do(ctx, Op{OpList, prefix}, func() error {
		for _, name := range slices.Sorted(maps.Keys(m.objects)) {
			if strings.HasPrefix(name, prefix) {
				names = append(names, name)
			}
		}
		return nil
	})
	return names, err
}

// Delete removes an object.
func (m *Memory) Delete(ctx context.Context, name string) error {
	return m.do(ctx, Op{OpDelete, name}, func() error {
		delete(m.objects, name)
		return nil
	})
}
