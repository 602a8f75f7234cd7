package jobs

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/runs"
)

// rowsFolder begins the name of the folder where rows of state go that memory has no room
// for: below the checkpoints, which pass it over. Each run has its own: one that has lost the
// job to another process ends behind the start of that, and removes what it has left.
const rowsFolder = ".rows-"

// MemoryOf returns how much memory a run of the job may take; 0 is as much as it needs.
func (o Options) MemoryOf(job *Job) int64 {
	switch job.Memory {
	case compile.Unbounded:
		return 0
	case 0:
		return o.Memory
	}
	return job.Memory
}

// tier returns where rows go that memory has no room for, or nil if the job may take as much
// memory as it needs. number tells the run from others. Nothing is there before the first row.
func (r *Run) tier(files env.FS, job *Job, memory int64, number uint64) (*state.Tier, error) {
	if memory == 0 {
		return nil, nil
	}
	r.rows = path.Join(r.StateDir, fmt.Sprintf("%s%016x", rowsFolder, number))
	if job.RowStore == compile.BadgerStore {
		if _, isReal := r.files.(env.OS); !isReal {
			return nil, fmt.Errorf("row_store: badger keeps rows in real files only; use row_store: files")
		}
		r.database = &database{dir: r.rows}
		return state.NewTier(r.database, compile.RowsOf(memory)), nil
	}
	store, err := runs.OpenFiles(files, r.rows)
	if err != nil {
		return nil, fmt.Errorf("%s cannot hold rows of state: %w", r.rows, err)
	}
	return state.NewTier(store, compile.RowsOf(memory)), nil
}

// dropOthers removes the rows of state of other runs, which have lost the job or died.
func (r *Run) dropOthers() error {
	names, err := r.files.ReadDir(r.StateDir)
	for _, name := range names {
		other := path.Join(r.StateDir, strings.TrimSuffix(name, "/"))
		if err == nil && strings.HasPrefix(name, rowsFolder) && other != r.rows {
			err = env.RemoveAll(r.files, other)
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing the rows of state of an earlier run: %w", err)
	}
	return nil
}

// dropRows removes the rows of state that went to disk.
func (r *Run) dropRows() error {
	if r.rows == "" {
		return nil
	}
	if r.database != nil {
		if err := r.database.close(); err != nil {
			return fmt.Errorf("closing the database of rows that memory had no room for: %w", err)
		}
	}
	if err := env.RemoveAll(r.files, r.rows); err != nil {
		return fmt.Errorf("removing rows of state that memory had no room for: %w", err)
	}
	return nil
}
