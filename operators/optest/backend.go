package optest

import (
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// A backend is where operators keep state. What it opens finds out by itself, or does
// not, who keeps a row over a call.
type backend struct {
	name    string
	fresh   func(keyrange.Range) *state.Backend
	restore func(keyrange.Range, [][]state.Object) (*state.Backend, error)
}

// backends are those that every operator is run on. Most of the ways go by the first.
var backends = []backend{
	{"memory, its rows checked", checkedFresh, checkedRestore},
	{"memory", state.NewBackend, state.Restore},
	{"a tier, all but the rows of a call", tieredFresh, tieredRestore},
}

func tieredFresh(r keyrange.Range) *state.Backend { return tiered(state.NewBackend(r)) }

func tieredRestore(r keyrange.Range, chains [][]state.Object) (*state.Backend, error) {
	b, err := state.Restore(r, chains)
	if err != nil {
		return nil, err
	}
	return tiered(b), nil
}

func tiered(b *state.Backend) *state.Backend {
	b.SetTier(state.NewTier(runs.NewMemory(), 1), nil)
	return b
}

func checkedFresh(r keyrange.Range) *state.Backend {
	b := state.NewBackend(r)
	b.CheckRows()
	return b
}

func checkedRestore(r keyrange.Range, chains [][]state.Object) (*state.Backend, error) {
	b, err := state.Restore(r, chains)
	if err == nil {
		b.CheckRows()
	}
	return b, err
}
