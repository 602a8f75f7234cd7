// Package diskspace refuses a write before the disk is full.
//
// Who writes through a memory map learns of a full disk by a signal that ends the
// process. Whoever can wait, such as a job that would rather fail a checkpoint, asks a
// [Guard] first.
package diskspace

import (
	"errors"
	"fmt"
)

// Guard knows how much of a disk must stay free. It is safe for concurrent use. Other
// writers are not held back, so the reserve is also what they may take between the
// question and the write.
type Guard struct {
	dir     string
	reserve int64
	free    func(dir string) (int64, error)
}

// New returns a guard of the disk that a folder lies on, of which so many bytes stay free.
func New(dir string, reserve int64) *Guard { return Over(dir, reserve, Free) }

// Over is [New] with another way to ask how much is free.
func Over(dir string, reserve int64, free func(dir string) (int64, error)) *Guard {
	return &Guard{dir, reserve, free}
}

// Free returns how many bytes the disk that a folder lies on has left for this process.
func Free(dir string) (int64, error) {
	free, _, err := Space(dir)
	return free, err
}

// Reserve returns how much of a disk of so many bytes had better stay free: a twentieth, of a
// large one 256 MiB. That is room for the small files that must be written even then, such as
// the decision about a checkpoint, and for what others write at the same time.
func Reserve(total int64) int64 { return min(total/20, 256<<20) }

// Check fails with a [*FullError] if writing so many bytes would take some of the reserve.
// Where the system cannot tell what is free, everything passes.
func (g *Guard) Check(bytes int64) error {
	free, err := g.free(g.dir)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return nil
	case err != nil:
		return fmt.Errorf("diskspace: asking how much is free for %s: %w", g.dir, err)
	case free < g.reserve || free-g.reserve < bytes:
		return &FullError{Dir: g.dir, Free: free, Wanted: bytes, Reserve: g.reserve}
	}
	return nil
}

// FullError says that a disk has no room. Nothing was written.
type FullError struct {
	Dir                   string
	Free, Wanted, Reserve int64 // bytes
}

func (e *FullError) Error() string {
	return fmt.Sprintf("the disk of %s is nearly full: %s are free, %s are wanted, and %s must stay free: delete something there,"+
		" or move the folder to a larger disk", e.Dir, size(e.Free), size(e.Wanted), size(e.Reserve))
}

// size returns a number of bytes as people read it.
func size(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(bytes)/(1<<10))
	case bytes < 1<<30:
		return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
	}
	return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
}
