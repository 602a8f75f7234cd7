package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// notes is a table with text in its rows.
var notes = state.TableSpec{Name: "notes", Key: id,
	Values: append(numbers(3), record.Field{Name: "note", Type: record.String})}

// restore writes a checkpoint and three deltas of a hundredth each, and has processes of
// their own restore it: with its objects in the page cache, and without.
func restore(s settings) error {
	or(&s.rows, (1<<30)/(46+s.text)) // 1 GiB
	if s.child != "" {
		return s.first()
	}
	if s.memory == 0 {
		s.memory = 1 << 30
	}
	dir := s.objects
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp(s.dir, "weir-restore-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*.object"))
	if len(names) == 0 {
		if err := s.store(dir); err != nil {
			return err
		}
		debug.FreeOSMemory()
	}
	fmt.Printf("  objects: %s, memory %s\n", mebi(onDisk(dir)), mebi(s.memory))
	or(&s.best, 3)
	for _, child := range []string{"with the page cache", "without it"} {
		for range s.best {
			if child == "without it" {
				forget(dir)
			}
			if err := s.process(dir, child); err != nil {
				return err
			}
		}
	}
	fmt.Println("  goal: ≤ 2 s for 10 GB")
	return nil
}

// store writes the objects.
func (s settings) store(dir string) error {
	o, err := newObjects(dir)
	if err != nil {
		return err
	}
	r, err := newRig(s.dir, s.memory/s.share, notes)
	if err != nil {
		return err
	}
	defer r.close()
	note := bytes.Repeat([]byte("a note "), s.text/7+1)[:s.text]
	write := func(n int, key func(i int) int64) {
		for done := 0; done < n; done += s.batch {
			r.upsert(min(s.batch, n-done), func(i int) int64 { return key(done + i) })
			r.add()
			text := r.table.String(3)
			for _, row := range r.rows {
				text.Set(row, note)
			}
			r.backend.Release()
		}
	}
	write(s.rows, func(i int) int64 { return int64(i) })
	for number := range 4 {
		if number > 0 {
			write(s.rows/100, func(int) int64 { return r.random.Int64N(int64(s.rows)) })
		}
		if _, err := o.write(r, uint64(number+1)); err != nil {
			return err
		}
	}
	fmt.Printf("  wrote %v\n", o)
	return nil
}

func (s settings) process(dir, child string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	one := exec.Command(self, "-dir", s.dir, "-objects", dir, "-rows", strconv.Itoa(s.rows), "-share", strconv.FormatInt(s.share, 10),
		"-memory", strconv.FormatInt(s.memory, 10), "-child", child, "-profile", s.profile, "restore")
	one.Stdout, one.Stderr = os.Stdout, os.Stderr
	return one.Run()
}

// first restores, brings one batch to what is there, and says how long that took.
func (s settings) first() error {
	if err := limit(s.memory); err != nil {
		return err
	}
	return profiled(s.profile, func() error {
		used := begin()
		names, err := filepath.Glob(filepath.Join(s.objects, "*.object"))
		if err != nil {
			return err
		}
		var chain []state.Object
		for _, name := range names {
			file, err := os.Open(name)
			if err != nil {
				return err
			}
			info, err := file.Stat()
			if err != nil {
				return err
			}
			chain = append(chain, state.Object{Content: file, Size: info.Size()})
		}
		r, err := rigOf([][]state.Object{chain}, s.dir, s.memory/s.share, notes)
		if err != nil {
			return err
		}
		defer r.close()
		r.upsert(s.batch, func(i int) int64 { return int64(i) })
		r.add()
		r.backend.Release()
		wall, cpu := used()
		fmt.Printf("  %s: first batch of %d rows behind %v, %v of CPU\n",
			s.child, s.batch, wall.Round(time.Millisecond), cpu.Round(time.Millisecond))
		if n := r.table.Len(); n < s.rows || n > s.rows+s.rows/25 { // what deltas changed is not counted apart
			return fmt.Errorf("%d rows were restored of %d", n, s.rows)
		}
		printMemory(s.memory)
		return nil
	})
}
