package compile

import (
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/stream"
)

// resolve connects the vertices and checks the shape of the job.
func (c *compiler) resolve() {
	ok := true
	for _, p := range c.vertices {
		ok = c.connectAll(p) && ok
	}
	if c.findCycles() || !ok {
		return // what is reachable cannot be told
	}
	c.findUnread()
}

// connectAll resolves what p reads.
func (c *compiler) connectAll(p *vertex) (ok bool) {
	if p.role == sourceRole {
		return true
	}
	if len(p.inputs) == 0 && !p.misread {
		p.inputs = c.implicitInput(p)
	}
	ok = len(p.inputs) > 0 && !p.misread
	for _, r := range p.inputs {
		ok = c.connect(p, r) && ok
	}
	return ok
}

// implicitInput is what a vertex without an input reads: the step before it, or
// the only source.
func (c *compiler) implicitInput(p *vertex) []*reference {
	var before *vertex
	var sources []string
	for _, b := range c.vertices {
		if b == p {
			break
		}
		if b.role == stepRole || b.role == sourceRole {
			before = b
		}
		if b.role == sourceRole {
			sources = append(sources, b.id)
		}
	}
	if before == nil {
		return nil // that there is no source is a problem already
	}
	if before.role == sourceRole && len(sources) > 1 {
		c.problem(p.at, "%s: needs an input, since there are several sources: %s", p.section.name, strings.Join(sources, ", "))
		return nil
	}
	return []*reference{{at: p.at, text: before.id}}
}

// readable lists the ids that an input may name.
func (c *compiler) readable() []string {
	var ids []string
	for _, p := range c.vertices {
		letters, _ := p.offers(stream.DeadLetter)
		if (p.role != sinkRole || letters) && !slices.Contains(ids, p.id) {
			ids = append(ids, p.id)
		}
	}
	return ids
}

// sideOutputs are the outputs that steps may have besides their result.
var sideOutputs = []string{string(stream.Late), string(stream.DeadLetter)}

// connect resolves one reference of p.
func (c *compiler) connect(p *vertex, r *reference) bool {
	id, name, _ := strings.Cut(r.text, ".")
	from := c.vertex(id)
	if from != nil && from.role == sinkRole && name != string(stream.DeadLetter) {
		p.inputProblem(r, "%q is a sink; read what it reads, or its dead letters as %s.dead_letter", id, id)
		return false
	}
	if from == nil {
		p.inputProblem(r, "there is no source or step %q%s", id, component.Known(id, c.readable()))
		return false
	}
	if name != string(stream.Main) && !slices.Contains(sideOutputs, name) {
		p.inputProblem(r, "%q has no output %q%s", id, name, component.Known(name, sideOutputs))
		return false
	}
	r.from, r.output = from, stream.Output(name)
	from.reads[r.output] = true
	if ok, why := from.offers(r.output); !ok {
		p.inputProblem(r, "%q has nothing to read: %s", r.text, why)
	}
	return true
}

// inputProblem reports a problem with what p reads.
func (p *vertex) inputProblem(r *reference, format string, args ...any) {
	s, key := p.section, "input"
	if s.name == "" { // what is to be shown
		key = ""
	}
	s.problem(r.at, key, format, args...)
}

// findCycles reports each cycle once.
func (c *compiler) findCycles() bool {
	const (
		open = iota + 1
		done
	)
	state := map[*vertex]int{}
	var path []*vertex
	found := false
	var visit func(p *vertex)
	visit = func(p *vertex) {
		state[p] = open
		path = append(path, p)
		for _, r := range p.inputs {
			switch {
			case r.from == nil || state[r.from] == done:
			case state[r.from] == open:
				c.cycle(path[slices.Index(path, r.from):], r.at)
				found = true
			default:
				visit(r.from)
			}
		}
		path = path[:len(path)-1]
		state[p] = done
	}
	for _, p := range c.vertices {
		if state[p] == 0 {
			visit(p)
		}
	}
	return found
}

// cycle reports a cycle whose vertices each read the next one.
func (c *compiler) cycle(vertices []*vertex, at component.Position) {
	ids := []string{vertices[0].id}
	for i := len(vertices) - 1; i >= 0; i-- {
		ids = append(ids, vertices[i].id)
	}
	c.problem(at, "%s is a cycle; rows flow from sources to sinks", strings.Join(ids, " → "))
}

// findUnread reports what is made for nobody.
func (c *compiler) findUnread() {
	reached := map[*vertex]bool{}
	var reach func(p *vertex)
	reach = func(p *vertex) {
		if reached[p] {
			return
		}
		reached[p] = true
		for _, r := range p.inputs {
			reach(r.from)
		}
	}
	for _, p := range c.vertices {
		if p.role == sinkRole {
			reach(p)
		}
	}
	for _, p := range c.vertices {
		if !reached[p] {
			c.problem(p.at, "%s: no sink receives anything of this %s; give one the input %s, or remove it", p.section.name, p.role, p.id)
		} else if ok, _ := p.offers(stream.DeadLetter); ok && !p.reads[stream.DeadLetter] {
			c.problem(p.section.keyAt("on_error"), "%s.on_error: no sink reads the dead letters; give a sink the input %s.dead_letter, "+
				"or write drop", p.section.name, p.id)
		}
	}
}

// inOrder returns the vertices, each after those that it reads.
func (c *compiler) inOrder() []*vertex {
	var order []*vertex
	seen := map[*vertex]bool{}
	var visit func(p *vertex)
	visit = func(p *vertex) {
		if seen[p] {
			return
		}
		seen[p] = true
		for _, r := range p.inputs {
			if r.from != nil {
				visit(r.from)
			}
		}
		order = append(order, p)
	}
	for _, p := range c.vertices {
		visit(p)
	}
	return order
}
