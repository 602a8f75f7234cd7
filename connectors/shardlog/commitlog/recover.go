package commitlog

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/failure"
)

// Group is a group as it stands in the log.
type Group struct {
	Number uint64
	At     Position // of the first block
	Blocks []byte   // good until the function that gets it returns
	// Damaged says that something of it is not as it was written. Blocks are then whatever bytes
	// stand there, of this group and perhaps of later ones, and Number is that of the first.
	Damaged bool
}

// Open opens a log, and has replay see its groups from a place on, oldest first, but for those in files
// before that; the zero Position is all. What was cut short at the end of the last file is cut off: it was never
// synced. A file that is missing between others, or is not of this log, is an error.
func Open(o Options, from Position, replay func(Group) error) (*Log, error) {
	l := &Log{options: o, next: 1}
	err := l.open(from, replay)
	if err != nil {
		return nil, errors.Join(err, l.release())
	}
	return l, nil
}

func (l *Log) open(from Position, replay func(Group) error) error {
	numbers, err := l.list()
	if err != nil {
		return err
	}
	if from.File > 0 && (len(numbers) == 0 || numbers[0] > from.File) {
		return failure.Fatal(fmt.Errorf("%s is missing: restore it from a copy", l.options.name(from.File)))
	}
	r := recovery{log: l, replay: replay}
	for i, number := range numbers {
		if i > 0 && number != numbers[i-1]+1 {
			return failure.Fatal(fmt.Errorf("%s is missing: restore it from a copy", l.options.name(numbers[i-1]+1)))
		}
		if number < from.File {
			continue
		}
		if err := r.file(number, from, i == len(numbers)-1); err != nil {
			return err
		}
	}
	if len(l.files) == 0 {
		return l.begin(1)
	}
	return nil
}

// list returns the numbers of the files, in their order.
func (l *Log) list() (numbers []uint64, err error) {
	names, err := l.options.Files.ReadDir(l.options.Dir)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if digits, is := strings.CutSuffix(name, ".log"); is {
			if n, err := strconv.ParseUint(digits, 10, 64); err == nil {
				numbers = append(numbers, n)
			}
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// recovery reads the files of a log that is being opened.
type recovery struct {
	log    *Log
	replay func(Group) error
	begun  bool // a group was seen
}

// file reads a file, and opens it.
func (r *recovery) file(number uint64, from Position, last bool) error {
	l := r.log
	name := l.options.name(number)
	content, err := l.options.Files.Append(name)
	if err != nil {
		return err
	}
	l.files = append(l.files, &file{number, content})
	b, err := readAll(content)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	h, ok := parseFileHeader(b, l.options.Salt)
	switch {
	case ok && h.version != version:
		return failure.Fatal(fmt.Errorf("%s: version %d of the format is not known to this weir, which reads and writes version %d", name,
			h.version, version))
	case ok:
		l.next = max(l.next, h.next)
	case findHead(b, 0, l.options.Salt) < 0:
		if last {
			return r.afresh(number) // it was being begun
		}
		return failure.Fatal(fmt.Errorf("%s is no file of this log, or is damaged from its beginning to its end: restore it from a copy", name))
	}
	end, err := r.groups(number, b, from, last)
	if err != nil {
		return err
	}
	l.end = int64(end)
	if end < len(b) {
		if err := content.Truncate(int64(end)); err != nil {
			return err
		}
	}
	if last { // what is read here was perhaps never synced, and is acknowledged by being read
		if err := content.Sync(); err != nil {
			return err
		}
	}
	l.synced = synced{l.end, l.next}
	return nil
}

// afresh begins a file again of which a crash has left nothing.
func (r *recovery) afresh(number uint64) error {
	l := r.log
	f := l.files[len(l.files)-1]
	l.files = l.files[:len(l.files)-1]
	if err := f.content.Close(); err != nil {
		return err
	}
	return l.begin(number)
}

func readAll(f env.AppendFile) ([]byte, error) {
	size, err := f.Size()
	if err != nil {
		return nil, err
	}
	b := make([]byte, size)
	n, err := f.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b[:n], nil
}

// groups replays the groups of a file, and returns where the last one ends.
func (r *recovery) groups(number uint64, b []byte, from Position, last bool) (end int, err error) {
	end = fileSize
	for at := fileSize; at < len(b); at = end {
		g := Group{Number: r.log.next, At: Position{number, int64(at) + groupSize}}
		h, ok := parseHead(b[at:], r.log.options.Salt)
		switch {
		case ok && isWhole(b[at:], h):
			end = at + groupSize + h.size
			if g.Number, g.Blocks, err = h.number, b[at+groupSize:end], r.follows(g.At, h); err != nil {
				return 0, err
			}
		case last && !wasDurable(b, at+1, r.log.options.Salt, r.log.next):
			return at, nil // writes that were cut short
		default:
			if end = findHead(b, at+1, r.log.options.Salt); end < 0 {
				end = len(b)
			}
			g.Damaged, g.Blocks = true, b[min(at+groupSize, end):end]
		}
		if number == from.File && int64(end) <= from.Offset {
			continue
		}
		if err := r.replay(g); err != nil {
			return 0, err
		}
	}
	return end, nil
}

// follows takes in that a group is next.
func (r *recovery) follows(at Position, h head) error {
	if r.begun && h.number < r.log.next {
		return failure.Fatal(fmt.Errorf("%s, at %d: group %d stands behind group %d: the files are not those of one log",
			r.log.options.name(at.File), at.Offset-groupSize, h.number, r.log.next-1))
	}
	r.begun, r.log.next = true, h.number+1
	return nil
}
