package env

import (
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// osFile is a file of the operating system.
type osFile struct{ *os.File }

func openFile(name string) (File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

var _ NowReader = osFile{}

// ReadNow implements [NowReader]. Where the system cannot tell what is in memory, it has all
// read ahead.
func (f osFile) ReadNow(b []byte, offset int64) bool {
	if len(b) == 0 || offset < 0 { // −1 would stand for where the file is read next
		return len(b) == 0
	}
	fd := f.Fd()
	defer runtime.KeepAlive(f.File)
	if readNow(fd, b, offset) {
		return true
	}
	_ = unix.Fadvise(int(fd), offset, int64(len(b)), unix.FADV_WILLNEED) // if it fails, reading waits longer
	return false
}

// readNow is unix.Preadv2, which allocates.
func readNow(fd uintptr, b []byte, offset int64) bool {
	v := unix.Iovec{Base: &b[0]}
	v.SetLen(len(b))
	const wordBits = 8 * unsafe.Sizeof(fd)
	low, high := uintptr(offset), uintptr(uint64(offset)>>(wordBits-1)>>1)
	n, _, err := unix.Syscall6(unix.SYS_PREADV2, fd, uintptr(unsafe.Pointer(&v)), 1, low, high, unix.RWF_NOWAIT)
	return err == 0 && n == uintptr(len(b))
}
