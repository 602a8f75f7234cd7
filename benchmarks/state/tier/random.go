package main

import "fmt"

// random changes rows of a state that is larger than its memory, half of them such that were
// changed a little while ago.
func random(s settings) error {
	or(&s.rows, 8_000_000)
	or(&s.ops, 4_000_000)
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
	used := begin()
	r.fill(s.rows, s.batch)
	_, cpu := used()
	fmt.Printf("  %d rows of %d bytes, memory %s, %s on disk; filled with %s rows a second and core\n",
		s.rows, row, mebi(memory), mebi(onDisk(r.dir)), rate(s.rows, cpu))
	keys := recentKeys(r, s.rows, memory/s.share/row)
	keys.change(s.rows/4, s.batch) // so that memory has what such batches leave there
	if s.kind != "uncached" {
		if err := profiled(s.profile, func() error { return keys.cached(s) }); err != nil {
			return err
		}
		printMemory(memory)
	}
	if s.kind != "cached" {
		return keys.uncached(s)
	}
	return nil
}

func (s *recent) cached(set settings) error {
	or(&set.best, 3)
	var best string
	var least float64
	for range set.best {
		used := begin()
		s.change(set.ops, set.batch)
		wall, cpu := used()
		if least == 0 || cpu.Seconds() < least {
			least = cpu.Seconds()
			best = fmt.Sprintf("%s a second and core (%s a second)", rate(set.ops, cpu), rate(set.ops, wall))
		}
	}
	fmt.Printf("  with the page cache: %s, best of %d; goal: ≥ 250 k\n", best, set.best)
	return nil
}

// uncached compares with what the disk can do, before and afterwards.
func (s *recent) uncached(set settings) error {
	file, err := probeFile(s.r.dir, onDisk(s.r.dir))
	if err != nil {
		return err
	}
	rows := set.ops / 8
	return withoutCache(s.r.dir, func() error {
		before, err := probe(file)
		if err != nil {
			return err
		}
		s.change(set.batch, set.batch)
		counted, used := countReads(), begin()
		if err := profiled(set.profile, func() error { s.change(rows, set.batch); return nil }); err != nil {
			return err
		}
		got := counted()
		_, cpu := used()
		after, err := probe(file)
		if err != nil {
			return err
		}
		disk := (before.perSecond() + after.perSecond()) / 2
		changed := float64(rows) / got.took.Seconds()
		fmt.Printf("  without it: %.1f k rows a second, %.2f × the reads of 4 KiB that a probe gets with %d at once; goal: ≥ 0.70\n",
			changed/1e3, changed/disk, probeDepth)
		fmt.Printf("    the probe: %.1f and %.1f k a second, %.1f KiB from disk for each\n",
			before.perSecond()/1e3, after.perSecond()/1e3, before.kibi())
		fmt.Printf("    the table: %.1f k reads a second (%.2f × the probe), %.1f KiB from disk for each; %s rows a second and core\n",
			got.perSecond()/1e3, got.perSecond()/disk, got.kibi(), rate(rows, cpu))
		return nil
	})
}
