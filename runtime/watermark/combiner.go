package watermark

import "github.com/weirstream/weir/runtime/record"

// Combiner combines the watermarks of several inputs into one: the minimum over
// those that are live. It never falls.
//
// An input is live from the start, with the watermark MinTime, and so holds the
// combined watermark back until it speaks. An idle input is left out until it is
// active again; an ended one is left out for good.
//
// Where every input that has not ended is idle, nothing is left to wait for: the
// combined watermark goes on to the greatest that one of the idle inputs had
// reached. So what is finished by then comes out, and does not depend on which
// input became idle first.
//
// All of it costs the logarithm of the number of inputs at most.
type Combiner struct {
	inputs []input
	live   heap  // the least on top
	idle   heap  // the greatest on top
	free   []int // numbers of inputs that were removed
	out    record.Time
}

type input struct {
	mark        record.Time
	place       int32 // in live or idle
	idle, ended bool
}

// NewCombiner returns a combiner of n inputs.
func NewCombiner(n int) *Combiner {
	c := &Combiner{out: record.MinTime, idle: heap{turned: true}}
	for range n {
		c.Add()
	}
	return c
}

// Add adds an input and returns its number.
func (c *Combiner) Add() int {
	i := len(c.inputs)
	if n := len(c.free); n > 0 {
		i, c.free = c.free[n-1], c.free[:n-1]
	} else {
		c.inputs = append(c.inputs, input{})
	}
	c.inputs[i] = input{mark: record.MinTime}
	c.live.add(c, int32(i))
	return i
}

// Remove forgets input i, which has ended. Its number may be another's from now on.
func (c *Combiner) Remove(i int) {
	c.free = append(c.free, i)
}

// Out returns the combined watermark.
func (c *Combiner) Out() record.Time { return c.out }

// Idle reports that nothing is live, though not everything has ended.
func (c *Combiner) Idle() bool { return len(c.idle.inputs) > 0 && len(c.live.inputs) == 0 }

// Ended reports that every input has ended.
func (c *Combiner) Ended() bool { return len(c.live.inputs)+len(c.idle.inputs) == 0 }

// Raise raises the watermark of input i, which becomes active. A lower mark
// than before is passed over. It reports whether the combined watermark rose.
func (c *Combiner) Raise(i int, mark record.Time) bool {
	in := &c.inputs[i]
	if in.ended {
		return c.update()
	}
	c.SetActive(i)
	if mark <= in.mark {
		return c.update()
	}
	in.mark = mark
	c.live.move(c, int(in.place), int32(i))
	return c.update()
}

// SetIdle leaves input i out. It reports whether the combined watermark rose.
func (c *Combiner) SetIdle(i int) bool {
	in := &c.inputs[i]
	if in.idle || in.ended {
		return c.update()
	}
	in.idle = true
	c.live.remove(c, in.place)
	c.idle.add(c, int32(i))
	return c.update()
}

// SetActive makes input i count again. The combined watermark, which stands
// still meanwhile, follows with the next Raise, SetIdle or End.
func (c *Combiner) SetActive(i int) {
	in := &c.inputs[i]
	if !in.idle {
		return
	}
	in.idle = false
	c.idle.remove(c, in.place)
	c.live.add(c, int32(i))
}

// End leaves input i out for good; behind the last one the combined watermark
// is MaxTime. It reports whether the combined watermark rose.
func (c *Combiner) End(i int) bool {
	in := &c.inputs[i]
	if in.ended {
		return c.update()
	}
	c.SetActive(i)
	in.ended = true
	c.live.remove(c, in.place)
	return c.update()
}

// update brings the combined watermark up to date.
func (c *Combiner) update() (rose bool) {
	mark := c.mark()
	rose = mark > c.out
	c.out = max(c.out, mark)
	return rose
}

// mark returns what the inputs, as they are now, combine to.
func (c *Combiner) mark() record.Time {
	switch {
	case c.Ended():
		return record.MaxTime
	case c.Idle():
		return c.greatestIdle()
	}
	return c.inputs[c.live.inputs[0]].mark
}

func (c *Combiner) greatestIdle() record.Time { return c.inputs[c.idle.inputs[0]].mark }
