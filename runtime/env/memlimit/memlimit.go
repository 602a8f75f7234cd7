// Package memlimit finds how much memory a process may take before the system ends it, and
// which part of that it had better plan with.
//
//	limit := memlimit.Of(os.DirFS("/"))
//	budget := memlimit.Part(limit.Bytes)
//
// On Linux the limit is the least of those of the process's cgroup and the ones above it
// (version 2 and 1), and of what the machine has. Elsewhere it is not known.
package memlimit

import (
	"bufio"
	"bytes"
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"
)

// Limit is how much memory a process may take.
type Limit struct {
	Bytes int64  // 0 is not known
	By    string // the file that says so
}

// Of returns the limit of this process; root is the root of the file system. What cannot be
// read or makes no sense says nothing.
func Of(root fs.FS) Limit {
	limit := Limit{Bytes: math.MaxInt64}
	limit.machine(root)
	for line := range lines(root, "proc/self/cgroup") {
		limit.cgroup(root, line)
	}
	if limit.By == "" {
		return Limit{}
	}
	return limit
}

// The part of a limit that a process plans with. It may take 15 % and 64 MiB more than it
// plans to, for garbage that is not collected yet and what is not counted; and others need
// memory, too: what a machine runs beside it, and the page cache of its files.
const (
	share  = 0.70
	excess = 1.15
	beside = 64 << 20
	// least is the part of a small limit, of which that would leave next to nothing.
	least = 0.25
)

// Part returns how much of a limit a process plans with; 0 of one that is not known.
func Part(limit int64) int64 {
	all := float64(limit)
	return int64(max(min(all*share, (all-beside)/excess), all*least))
}

// cgroup takes in the limits of a cgroup and those above it. The line of /proc/self/cgroup is
// ID:CONTROLLERS:PATH, with no controllers in version 2. In a container the path may be that
// on the host, of which the container sees the end alone: at the root, where a walk upwards ends.
func (l *Limit) cgroup(root fs.FS, line string) {
	fields := strings.SplitN(line, ":", 3)
	if len(fields) < 3 {
		return
	}
	var mounts, names []string
	switch {
	case fields[1] == "":
		mounts, names = []string{"sys/fs/cgroup", "sys/fs/cgroup/unified"}, []string{"memory.max", "memory.high"}
	case isOneOf(fields[1], "memory"):
		mounts, names = []string{"sys/fs/cgroup/memory"}, []string{"memory.limit_in_bytes"}
	}
	for _, mount := range mounts {
		for dir := path.Join("/", fields[2]); ; dir = path.Dir(dir) {
			for _, name := range names {
				file := mount + path.Join(dir, name)
				for text := range lines(root, file) {
					l.lower(text, 1, file)
				}
			}
			if dir == "/" {
				break
			}
		}
	}
}

func isOneOf(list, name string) bool {
	for n := range strings.SplitSeq(list, ",") {
		if n == name {
			return true
		}
	}
	return false
}

// machine takes in what the machine has: a line such as "MemTotal:  16316412 kB".
func (l *Limit) machine(root fs.FS) {
	const file = "proc/meminfo"
	for line := range lines(root, file) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "MemTotal:" && fields[2] == "kB" {
			l.lower(fields[1], 1<<10, file)
		}
	}
}

// lower takes in a number of units, unless it is a word such as max. A limit of 0 would be
// none that a process can run in.
func (l *Limit) lower(text string, unit int64, file string) {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err == nil && n > 0 && n < l.Bytes/unit {
		*l = Limit{n * unit, "/" + file}
	}
}

// lines returns the lines of a file, none where it cannot be read.
func lines(root fs.FS, name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		content, err := fs.ReadFile(root, path.Clean(name))
		if err != nil {
			return
		}
		for s := bufio.NewScanner(bytes.NewReader(content)); s.Scan(); {
			if !yield(s.Text()) {
				return
			}
		}
	}
}
