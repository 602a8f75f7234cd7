package objstore

import (
	"bytes"
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

// The operations of a store.
const (
	Put    Kind = "put"
	Create Kind = "create"
	Get    Kind = "get"
	List   Kind = "list"
	Delete Kind = "delete"
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
func (m *Memory) do(op Op, effect func() error) error {
	if err := checkName(op.Name); err != nil && op.Kind != List {
		return err
	}
	m.mu.Lock()
	fault := m.fault
	m.mu.Unlock()
	var outcome Outcome
	if fault != nil {
		outcome = fault(op)
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

// Put stores an object, replacing what had the name.
func (m *Memory) Put(name string, content []byte) error {
	return m.do(Op{Put, name}, func() error {
		m.objects[name] = bytes.Clone(content)
		return nil
	})
}

// Create stores an object if the name is free.
func (m *Memory) Create(name string, content []byte) error {
	return m.do(Op{Create, name}, func() error {
		if _, taken := m.objects[name]; taken {
			return ErrExists
		}
		m.objects[name] = bytes.Clone(content)
		return nil
	})
}

// Get returns a copy of an object.
func (m *Memory) Get(name string) (content []byte, err error) {
	err = m.do(Op{Get, name}, func() error {
		found, ok := m.objects[name]
		if !ok {
			return ErrNotFound
		}
		content = bytes.Clone(found)
		return nil
	})
	return content, err
}

// List returns the names that begin with prefix, sorted.
func (m *Memory) List(prefix string) (names []string, err error) {
	err = m.do(Op{List, prefix}, func() error {
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
func (m *Memory) Delete(name string) error {
	return m.do(Op{Delete, name}, func() error {
		delete(m.objects, name)
		return nil
	})
}
