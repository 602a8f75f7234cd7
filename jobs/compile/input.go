package compile

import "github.com/weirstream/weir/jobs/plan"

// input returns what p reads; false where that is not known or does not fit
// together.
func (p *vertex) input() (in []plan.Ref, ok bool) {
	for _, r := range p.inputs {
		if r.ref().Schema() == nil {
			return nil, false
		}
		in = append(in, r.ref())
		if problems := plan.Unite(in); problems != nil {
			p.problem(problems[0], nil)
			return nil, false
		}
	}
	return in, in != nil
}
