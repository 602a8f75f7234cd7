package checkpoint

import (
	"github.com/weirstream/weir/runtime/env/objstore"
)

// storeNamed returns a store of the script, which is empty at first.
func (s *script) storeNamed(name string) *objstore.Memory {
	if s.stores[name] == nil {
		s.stores[name] = objstore.NewMemory()
	}
	return s.stores[name]
}

// save writes a savepoint of the last checkpoint, or of that of the running job.
func (s *script) save(args []string) {
	taken, err := Look(ctx, s.objects)
	if len(args) > 1 {
		var release func()
		taken, release = s.coordinator.owner.Newest()
		err = nil
		defer release()
	}
	if err == nil {
		err = taken.Save(ctx, s.storeNamed(args[0]))
	}
	if err != nil {
		s.printf("not saved: %v", err)
		return
	}
	s.printf("saved checkpoint %d", taken.Manifest.Checkpoint)
}

// begin has the store begin with a savepoint.
func (s *script) begin(name string) {
	taken, err := ReadSavepoint(ctx, s.storeNamed(name))
	begun := false
	if err == nil {
		begun, err = taken.Begin(ctx, s.objects, s.startOptions())
	}
	switch {
	case err != nil:
		s.printf("refused: %v", err)
	case begun:
		s.printf("begun with checkpoint %d", taken.Manifest.Checkpoint)
	default:
		s.printf("had begun already")
	}
}
