package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// disk writes an hour's worth of checkpoints, as fast as they go, each when so many rows have
// changed. Objects that no restore of the last one needs are removed, as the collector does.
func disk(s settings) error {
	or(&s.rows, 4_000_000)
	or(&s.ops, 360) // one each ten seconds
	row, err := bytesPerRow(accounts, func(r *rig, rows int) { r.fill(rows, s.batch) })
	if err != nil {
		return err
	}
	memory := int64(float64(row*int64(s.rows)) / s.times)
	if err := limit(memory); err != nil {
		return err
	}
	r, err := newRig(s.dir, memory/s.share, accounts)
	if err != nil {
		return err
	}
	defer r.close()
	o, err := newObjects(filepath.Join(r.dir, "objects"))
	if err != nil {
		return err
	}
	r.fill(s.rows, s.batch)
	full, err := o.write(r, 1)
	if err != nil {
		return err
	}
	h := hour{rig: r, objects: o, live: full, rowBytes: float64(full) / float64(s.rows),
		keys: recentKeys(r, s.rows, memory/s.share/row), changed: make([]bool, s.rows)}
	fmt.Printf("  %d rows, %s live, memory %s\n", s.rows, mebi(full), mebi(memory))
	return profiled(s.profile, func() error { return h.run(s) })
}

// hour is a long run with checkpoints.
type hour struct {
	*rig
	objects  *objects
	live     int64 // bytes of all rows as a checkpoint has them
	rowBytes float64
	keys     *recent
	changed  []bool // by key: since the last checkpoint
}

func (h *hour) run(s settings) error {
	const part = 20 // of the rows change between two checkpoints, looked up at random
	written, rows, inDeltas := number("io", "wchar"), 0, 0
	var most, mostRuns int64
	objects, used := h.objects.written, begin()
	for checkpoint := range s.ops {
		clear(h.changed)
		for done := 0; done < s.rows/part; done += s.batch {
			h.upsert(s.batch, func(i int) int64 { key := h.keys.draw(i); h.changed[key] = true; return key })
			h.add()
			h.backend.Release()
		}
		n := h.count()
		if _, err := h.objects.write(h.rig, uint64(checkpoint+2)); err != nil {
			return err
		}
		if rows += n; len(h.objects.chain) > 1 {
			inDeltas += n
		}
		mostRuns, most = max(mostRuns, onDisk(filepath.Join(h.dir, "runs"))), max(most, onDisk(h.dir))
	}
	_, cpu := used()
	written, objects = number("io", "wchar")-written, h.objects.written-objects
	changed := float64(rows) * h.rowBytes
	fmt.Printf("  %d checkpoints, %d changed rows in each, %s of CPU in all\n", s.ops, rows/s.ops, cpu.Round(1e8))
	fmt.Printf("  disk: runs alone %.2f × live at most, with the objects of the last checkpoint %.2f; goal: ≤ 2\n",
		float64(mostRuns)/float64(h.live), float64(most)/float64(h.live))
	fmt.Printf("  written: %.2f × changed bytes, of which objects %.2f (deltas are %.2f × what they hold); goal: ≤ 6\n",
		float64(written)/changed, float64(objects)/changed, float64(h.objects.deltas)/(float64(max(inDeltas, 1))*h.rowBytes))
	return nil
}

// count returns how many rows have changed since the last checkpoint.
func (h *hour) count() (n int) {
	for _, changed := range h.changed {
		if changed {
			n++
		}
	}
	return n
}

// objects is a folder of checkpoints.
type objects struct {
	dir     string
	chain   []string // what a restore of the last one reads
	written int64
	deltas  int64 // bytes of those that are deltas
}

func newObjects(dir string) (*objects, error) { return &objects{dir: dir}, os.MkdirAll(dir, 0o755) }

// write writes the object of a checkpoint, completes it, and removes those that it replaces.
func (o *objects) write(r *rig, number uint64) (bytes int64, err error) {
	f := r.backend.Freeze(number)
	defer f.Release()
	name := filepath.Join(o.dir, fmt.Sprintf("%06d.object", number))
	file, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	if err := f.Encode(file); err != nil {
		return 0, err
	}
	if err := file.Sync(); err != nil {
		return 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	r.backend.Completed(number)
	if f.Delta() {
		o.deltas += info.Size()
	} else {
		for _, old := range o.chain {
			if err := os.Remove(old); err != nil {
				return 0, err
			}
		}
		o.chain = o.chain[:0]
	}
	o.chain, o.written = append(o.chain, name), o.written+info.Size()
	return info.Size(), nil
}

// String draws the chain of objects as "000001.object + 2 deltas".
func (o *objects) String() string {
	if len(o.chain) == 0 {
		return "nothing"
	}
	return fmt.Sprintf("%s + %d deltas", strings.TrimPrefix(o.chain[0], o.dir+"/"), len(o.chain)-1)
}
