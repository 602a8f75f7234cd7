package memlimit_test

import (
	"os"
	"runtime"
	"testing"
	"testing/fstest"

	"github.com/weirstream/weir/runtime/env/memlimit"
)

const (
	mib = 1 << 20
	gib = 1 << 30
)

// machine is a /proc/meminfo of 16 GiB.
const machine = "MemFree:  123 kB\nMemTotal:       16777216 kB\nHugePages_Total:  0\n"

func TestOf(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  memlimit.Limit
	}{
		"another system": {nil, memlimit.Limit{}},
		"a machine":      {map[string]string{"proc/meminfo": machine}, memlimit.Limit{16 * gib, "/proc/meminfo"}},
		"version 2, without limits": {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "0::/a/b\n",
			"sys/fs/cgroup/a/b/memory.max": "max\n", "sys/fs/cgroup/a/memory.high": "max\n"}, memlimit.Limit{16 * gib, "/proc/meminfo"}},
		"version 2": {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "0::/a/b\n",
			"sys/fs/cgroup/a/b/memory.max": "536870912\n"}, memlimit.Limit{512 * mib, "/sys/fs/cgroup/a/b/memory.max"}},
		"version 2, where it is throttled": {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "0::/a/b\n",
			"sys/fs/cgroup/a/b/memory.max": "536870912\n", "sys/fs/cgroup/a/b/memory.high": "268435456\n"},
			memlimit.Limit{256 * mib, "/sys/fs/cgroup/a/b/memory.high"}},
		"version 2, further up": {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "0::/a/b/c\n",
			"sys/fs/cgroup/a/b/c/memory.max": "max\n", "sys/fs/cgroup/a/memory.max": "1073741824\n"},
			memlimit.Limit{gib, "/sys/fs/cgroup/a/memory.max"}},
		"version 2, in a namespace of its own": {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "0::/\n",
			"sys/fs/cgroup/memory.max": "1073741824\n"}, memlimit.Limit{gib, "/sys/fs/cgroup/memory.max"}},
		"version 2, above a namespace": {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "0::/../../x\n",
			"sys/fs/cgroup/memory.max": "1073741824\n"}, memlimit.Limit{gib, "/sys/fs/cgroup/memory.max"}},
		"a limit beyond the machine": {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "0::/a\n",
			"sys/fs/cgroup/a/memory.max": "107374182400\n"}, memlimit.Limit{16 * gib, "/proc/meminfo"}},
		"version 1": {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "5:cpu,cpuacct:/x\n4:memory,hugetlb:/docker/7\n0::/\n",
			"sys/fs/cgroup/memory/docker/7/memory.limit_in_bytes": "1073741824\n"},
			memlimit.Limit{gib, "/sys/fs/cgroup/memory/docker/7/memory.limit_in_bytes"}},
		"version 1, in a container": {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "4:memory:/docker/7\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "1073741824\n"}, memlimit.Limit{gib, "/sys/fs/cgroup/memory/memory.limit_in_bytes"}},
		"version 1, without limits": {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "4:memory:/\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, memlimit.Limit{16 * gib, "/proc/meminfo"}},
		"both versions": {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "4:memory:/a\n0::/b\n",
			"sys/fs/cgroup/memory/a/memory.limit_in_bytes": "1073741824\n", "sys/fs/cgroup/unified/b/memory.max": "536870912\n"},
			memlimit.Limit{512 * mib, "/sys/fs/cgroup/unified/b/memory.max"}},
		"nonsense": {map[string]string{"proc/meminfo": "MemTotal: many kB\nMemTotal:\nMemTotal: 99999999999999999999 kB\n",
			"proc/self/cgroup": "\n::\n0:memory\n0::/a\n", "sys/fs/cgroup/a/memory.max": "\n-5\n0\nmax", "sys/fs/cgroup/memory.max": ""},
			memlimit.Limit{}},
	} {
		files := fstest.MapFS{}
		for name, content := range test.files {
			files[name] = &fstest.MapFile{Data: []byte(content)}
		}
		if got := memlimit.Of(files); got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}

// What a process that plans with a part may take, 15 % and 64 MiB more, is within the limit.
func TestPart(t *testing.T) {
	for limit, want := range map[int64]int64{
		0: 0, 64 * mib: 16 * mib, 100 * mib: 100 * mib / 115 * 36, 512 * mib: 512 * mib / 10 * 7, 16 * gib: 16 * gib / 10 * 7,
	} {
		if got := memlimit.Part(limit); max(got-want, want-got) > mib {
			t.Errorf("of %d: %d, want about %d", limit, got, want)
		}
	}
	for limit := int64(90 * mib); limit < 64*gib; limit += limit / 7 {
		if part := memlimit.Part(limit); part+part/100*15+64*mib > limit {
			t.Errorf("%d is too much of %d", part, limit)
		}
	}
}

func TestThisMachine(t *testing.T) {
	limit := memlimit.Of(os.DirFS("/"))
	if runtime.GOOS == "linux" && (limit.Bytes < mib || limit.By == "") {
		t.Errorf("%+v", limit)
	}
}
