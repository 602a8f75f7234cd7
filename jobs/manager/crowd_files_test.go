package manager

import (
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/weirstream/weir/runtime/env"
)

// crowdFiles are files of which the inputs of the crowd are readable up to their middle at first,
// and the folders of the checkpoints of all jobs, and that of one job in it, may be on a full disk.
type crowdFiles struct {
	env.FS
	goOn    chan struct{} // closed when inputs are readable to their end
	gone    sync.Once
	full    atomic.Bool
	spilled atomic.Int64 // files of rows of the job with little memory
}

// release has inputs be readable to their end.
func (f *crowdFiles) release() { f.gone.Do(func() { close(f.goOn) }) }

const largeDisk = 100 << 30

// Space implements env.FS.
func (f *crowdFiles) Space(dir string) (free, total int64, err error) {
	if f.full.Load() && onFullDisk(path.Clean(dir)+"/") {
		return 1 << 20, largeDisk, nil
	}
	return largeDisk, largeDisk, nil
}

// onFullDisk reports whether a file lies on the disk that may be full.
func onFullDisk(name string) bool { return name == "state/" || strings.HasPrefix(name, "state/full/") }

// Create implements env.FS.
func (f *crowdFiles) Create(name string) (env.File, error) {
	if strings.HasPrefix(name, "state/hungry/") && strings.HasSuffix(name, ".run") {
		f.spilled.Add(1)
	}
	if f.full.Load() && onFullDisk(name) && strings.Contains(name, ".rows-") {
		return nil, syscall.ENOSPC
	}
	return f.FS.Create(name)
}

// Open implements env.FS.
func (f *crowdFiles) Open(name string) (env.File, error) {
	file, err := f.FS.Open(name)
	if err != nil || !strings.HasPrefix(name, "in/") {
		return file, err
	}
	size, err := f.FS.Size(name)
	return &heldFile{File: file, left: size / 2, goOn: f.goOn}, err
}

// heldFile is a file that is read up to a place until something has happened.
type heldFile struct {
	env.File
	left int64
	goOn chan struct{}
}

// Read implements env.File.
func (f *heldFile) Read(p []byte) (int, error) {
	if f.left == 0 {
		<-f.goOn
		return f.File.Read(p)
	}
	n, err := f.File.Read(p[:min(int64(len(p)), f.left)])
	f.left -= int64(n)
	return n, err
}
