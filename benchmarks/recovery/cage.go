package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// cage is a cgroup whose processes together may have so much memory, files that they read and
// write included. A process that wants more is killed by the kernel, which is a failure.
type cage struct {
	dir  string
	peak string // the file that says what they had at most
	most int64  // bytes
}

// newCage makes a cgroup below our own. It takes root, and Linux.
func newCage(bytes int64) (*cage, error) {
	own, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, fmt.Errorf("a limit of memory takes cgroups: %w", err)
	}
	c, limit := &cage{most: bytes}, ""
	for line := range strings.Lines(string(own)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		switch {
		case len(fields) == 3 && fields[1] == "memory": // version 1
			c.dir, c.peak, limit = filepath.Join("/sys/fs/cgroup/memory", fields[2]), "memory.max_usage_in_bytes", "memory.limit_in_bytes"
		case len(fields) == 3 && fields[1] == "" && c.dir == "":
			c.dir, c.peak, limit = filepath.Join("/sys/fs/cgroup", fields[2]), "memory.peak", "memory.max"
		}
	}
	c.dir = filepath.Join(c.dir, fmt.Sprintf("weir-recovery-%d", os.Getpid()))
	if err := os.Mkdir(c.dir, 0o755); err != nil {
		return nil, fmt.Errorf("making a cgroup: %w", err)
	}
	if err := c.write(limit, bytes); err != nil {
		return nil, errors.Join(err, os.Remove(c.dir))
	}
	return c, nil
}

func (c *cage) write(file string, n int64) error {
	err := os.WriteFile(filepath.Join(c.dir, file), []byte(strconv.FormatInt(n, 10)), 0)
	if err != nil {
		return fmt.Errorf("cgroup %s: %w", c.dir, err)
	}
	return nil
}

// take puts a process that was just started into it. One that has ended already needs none.
func (c *cage) take(pid int) error {
	if c == nil {
		return nil
	}
	if err := c.write("cgroup.procs", int64(pid)); err != nil && !strings.Contains(err.Error(), "no such process") {
		return err
	}
	return nil
}

// report says how much memory processes had, of how much they might.
func (c *cage) report() string {
	text, err := os.ReadFile(filepath.Join(c.dir, c.peak))
	if err != nil {
		return fmt.Sprintf("how much memory they had is not known: %v", err)
	}
	peak, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return fmt.Sprintf("how much memory they had is not known: %v", err)
	}
	return fmt.Sprintf("memory with files that were read and written: at most %d of %d MiB", peak>>20, c.most>>20)
}

func (c *cage) close() error {
	if err := os.Remove(c.dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
