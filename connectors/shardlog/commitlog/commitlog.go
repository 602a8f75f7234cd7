// Package commitlog is what makes appends durable: a log of groups of blocks, each written and synced
// at once, whatever shards its records are for. Groups are numbered without a gap. What is read of
// a group behind a crash is all of it or, if it was never synced, nothing.
//
// The log is a folder of files, each begun when the one before it has grown large enough and is
// durable. Files whose blocks lie elsewhere by now are dropped from the front.
package commitlog

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"sync"

	"github.com/weirstream/weir/connectors/shardlog/block"
	"github.com/weirstream/weir/runtime/env"
)

// Options is where a log lies.
type Options struct {
	Files env.FS
	Dir   string // which is there
	Salt  block.Salt
	// FileSize is how large a file grows before the next one is begun.
	FileSize int64
}

// Position is a place in a log.
type Position struct {
	File   uint64
	Offset int64
}

// Log is an open log. One goroutine at a time appends and syncs; any may read and drop.
type Log struct {
	options Options
	failed  error  // since which nothing is taken in
	next    uint64 // number of the next group
	end     int64  // of the last file
	synced  synced // what was so at the last sync

	mu    sync.RWMutex
	files []*file // oldest first; the last is appended to
}

// synced is how far the last file is durable, and the number of the first group that is not.
type synced struct {
	end  int64
	next uint64
}

// file is an open file of the log.
type file struct {
	number  uint64
	content env.AppendFile
}

func (o *Options) name(number uint64) string {
	return path.Join(o.Dir, fmt.Sprintf("%016d.log", number))
}

// Begin begins a group in a buffer, whose content goes: blocks are to be appended to it.
func Begin(buf []byte) []byte { return append(buf[:0], make([]byte, groupSize)...) }

// Append writes a group, and returns where its blocks begin. They may be gone behind a crash until
// a Sync has succeeded.
func (l *Log) Append(group []byte) (Position, error) {
	if l.failed != nil {
		return Position{}, l.failed
	}
	if l.end >= l.options.FileSize && l.synced.end == l.end {
		if err := l.begin(l.last().number + 1); err != nil {
			return Position{}, l.fail(err)
		}
	}
	putGroup(group, l.options.Salt, l.next, l.synced.next)
	f := l.last()
	if _, err := f.content.Write(group); err != nil {
		return Position{}, l.fail(err)
	}
	at := Position{f.number, l.end + groupSize}
	l.end += int64(len(group))
	l.next++
	return at, nil
}

// Sync makes durable what was appended. If it fails nobody knows what is; nothing is taken in any
// more until [Log.Reopen] has succeeded.
func (l *Log) Sync() error {
	if l.failed != nil {
		return l.failed
	}
	if err := l.last().content.Sync(); err != nil {
		return l.fail(err)
	}
	l.synced = synced{l.end, l.next}
	return nil
}

// fail keeps the log from taking in anything.
func (l *Log) fail(err error) error {
	l.failed = fmt.Errorf("%s takes nothing in: %w", l.options.name(l.last().number), err)
	return l.failed
}

// Reopen cuts off what was never synced, behind a failure, and goes on in another file. It fails
// as long as that cannot be made durable. Groups that were cut off were not acknowledged.
func (l *Log) Reopen() error {
	f := l.last()
	if err := f.content.Truncate(l.synced.end); err != nil {
		return err
	}
	if err := f.content.Sync(); err != nil {
		return err
	}
	l.next = l.synced.next
	if err := l.begin(f.number + 1); err != nil {
		return err
	}
	l.failed = nil
	return nil
}

// begin begins a file. What may be there of an attempt that failed goes.
func (l *Log) begin(number uint64) error {
	name := l.options.name(number)
	if err := env.RemoveAll(l.options.Files, name); err != nil {
		return err
	}
	content, err := l.options.Files.Append(name)
	if err != nil {
		return err
	}
	head := appendFileHeader(nil, l.options.Salt, number, l.next)
	if _, err = content.Write(head); err == nil {
		err = content.Sync() // a file with a group has a header
	}
	if err == nil {
		err = l.syncNames()
	}
	if err != nil {
		return errors.Join(err, content.Close())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.files = append(l.files, &file{number, content})
	l.end, l.synced = int64(len(head)), synced{int64(len(head)), l.next}
	return nil
}

// syncNames makes durable which files there are.
func (l *Log) syncNames() error { return l.options.Files.SyncDir(l.options.Dir) }

func (l *Log) last() *file {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.files[len(l.files)-1]
}

// ErrDropped says that a place is in a file that was dropped: what stood there is elsewhere.
var ErrDropped = errors.New("the file of the commit log has been dropped")

// ReadAt reads bytes from a place on, all of p.
func (l *Log) ReadAt(p []byte, at Position) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	i, found := slices.BinarySearchFunc(l.files, at.File, func(f *file, number uint64) int { return int(int64(f.number - number)) })
	if !found {
		return ErrDropped
	}
	n, err := l.files[i].content.ReadAt(p, at.Offset)
	if n == len(p) || err == nil {
		return nil
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%s, at %d: %w", l.options.name(at.File), at.Offset, err)
}

// Drop removes the files before one, but never the last.
func (l *Log) Drop(before uint64) error {
	l.mu.Lock()
	n := 0
	for n < len(l.files)-1 && l.files[n].number < before {
		n++
	}
	gone := slices.Clone(l.files[:n])
	l.files = slices.Delete(l.files, 0, n)
	l.mu.Unlock()
	for _, f := range gone { // oldest first, so that behind a crash no file is missing between two
		err := errors.Join(f.content.Close(), l.options.Files.Remove(l.options.name(f.number)))
		if err == nil {
			err = l.syncNames()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Next is the number that the next group will have.
func (l *Log) Next() uint64 { return l.next }

// End is where the next group will begin, if it fits into the last file.
func (l *Log) End() Position { return Position{l.last().number, l.end} }

// Close ends the log. If all is well it first writes an empty group, so that what was acknowledged last
// is not the last that stands there: of that, a reader could not tell damage from a write that was
// cut short.
func (l *Log) Close() error {
	var err error
	if l.failed == nil {
		if _, err = l.Append(Begin(nil)); err == nil {
			err = l.Sync()
		}
	}
	return errors.Join(err, l.release())
}

// release closes the files.
func (l *Log) release() (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.files {
		err = errors.Join(err, f.content.Close())
	}
	l.files = nil
	return err
}
