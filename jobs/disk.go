package jobs

import (
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/diskspace"
)

// room returns what asks whether the disk of the checkpoints, where rows of state go as well,
// has room for so many bytes more: some of it always stays free. nil is that the environment
// cannot tell.
func (r *Run) room() func(bytes int64) error {
	_, total, err := env.Space(r.files, r.StateDir)
	if err != nil {
		return nil
	}
	guard := diskspace.Over(r.StateDir, diskspace.Reserve(total), func(dir string) (int64, error) {
		free, _, err := env.Space(r.files, dir)
		return free, err
	})
	return guard.Check
}
