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
type Combiner struct {
	inputs []input
	out    record.Time
	least  int // a live input with the least watermark; -1 where it is to be found anew
	idle   int // inputs that are idle and have not ended
	ended  int
}

type input struct {
	mark        record.Time
	idle, ended bool
}

// NewCombiner returns a combiner of n inputs.
func NewCombiner(n int) *Combiner {
	c := &Combiner{out: record.MinTime, least: -1}
	for range n {
		c.Add()
	}
	return c
}

// Add adds an input and returns its number.
func (c *Combiner) Add() int {
	c.inputs = append(c.inputs, input{mark: record.MinTime})
	c.least = -1
	return len(c.inputs) - 1
}

// Out returns the combined watermark.
func (c *Combiner) Out() record.Time { return c.out }

// Idle reports that nothing is live, though not everything has ended.
func (c *Combiner) Idle() bool { return c.idle > 0 && c.idle+c.ended == len(c.inputs) }

// Ended reports that every input has ended.
func (c *Combiner) Ended() bool { return c.ended == len(c.inputs) }

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
	if c.least == i {
		c.least = -1
	}
	return c.update()
}

// SetIdle leaves input i out. It reports whether the combined watermark rose.
func (c *Combiner) SetIdle(i int) bool {
	in := &c.inputs[i]
	if in.idle || in.ended {
		return c.update()
	}
	in.idle = true
	c.idle++
	return c.lose(i)
}

// SetActive makes input i count again. The combined watermark, which stands
// still meanwhile, follows with the next Raise, SetIdle or End.
func (c *Combiner) SetActive(i int) {
	in := &c.inputs[i]
	if !in.idle {
		return
	}
	in.idle = false
	c.idle--
	c.least = -1
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
	c.ended++
	return c.lose(i)
}

func (c *Combiner) lose(i int) bool {
	if c.least == i {
		c.least = -1
	}
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
	case c.least < 0:
		c.findLeast()
	}
	return c.inputs[c.least].mark
}

func (c *Combiner) greatestIdle() record.Time {
	greatest := record.MinTime
	for i := range c.inputs {
		if in := &c.inputs[i]; in.idle {
			greatest = max(greatest, in.mark)
		}
	}
	return greatest
}

func (c *Combiner) findLeast() {
	for i := range c.inputs {
		in := &c.inputs[i]
		if !in.idle && !in.ended && (c.least < 0 || in.mark < c.inputs[c.least].mark) {
			c.least = i
		}
	}
}
