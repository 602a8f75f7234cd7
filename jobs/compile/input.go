package compile

import "github.com/weirstream/weir/jobs/plan"

// input returns what p reads; false where that is not known or does not fit
// together.
func (p *vertex) input() (in []plan.Ref, ok bool) {
	for _, r := range p.inputs {
		if r.ref().Schema() == nil {
			break
		}
		in = append(in, r.ref())
	}
	if len(in) == 0 {
		return nil, false
	}
	for _, problem := range plan.Unite(in) {
		p.problem(problem, nil)
		return nil, false
	}
	return in, len(in) == len(p.inputs)
}
