package memfs

import (
	"io"

	"github.com/weirstream/weir/runtime/env"
)

// Lock takes a directory for the caller alone. The lock ends with [Process.Kill], where a
// process has taken it. A clone has no locks: whoever had them is gone.
func (f *FS) Lock(dir string) (io.Closer, error) {
	var taken *lock
	err := f.do(Op{Kind: Lock, Name: dir}, func() error {
		d, err := f.findDir(dir)
		if err != nil {
			return err
		}
		n := d.names[env.LockName]
		if n == nil {
			n = &node{}
			f.set(d, env.LockName, n, nil)
		}
		if f.locked[n] {
			return &env.LockedError{Dir: dir}
		}
		if f.locked == nil {
			f.locked = map[*node]bool{}
		}
		f.locked[n] = true
		taken = &lock{file: file{fs: f, name: dir + "/" + env.LockName, node: n}}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return taken, nil
}

// lock is a locked directory.
type lock struct{ file }

// Close unlocks the directory.
func (l *lock) Close() error {
	if err := l.file.Close(); err != nil {
		return err
	}
	l.fs.mu.Lock()
	defer l.fs.mu.Unlock()
	delete(l.fs.locked, l.node)
	return nil
}

// Process is a file system as one of several processes has it. It is for one goroutine.
type Process struct {
	*FS
	locks []io.Closer
}

// Process returns the file system for one more process.
func (f *FS) Process() *Process { return &Process{FS: f} }

// Lock takes a directory for the process alone.
func (p *Process) Lock(dir string) (io.Closer, error) {
	taken, err := p.FS.Lock(dir)
	if err == nil {
		p.locks = append(p.locks, taken)
	}
	return taken, err
}

// Kill ends the process: what it has locked is free, all else stays as it is.
func (p *Process) Kill() {
	for _, l := range p.locks {
		_ = l.Close() // one that is closed already is free
	}
	p.locks = nil
}
