package explain

import "github.com/weirstream/weir/runtime/graph"

// order is what is known of the order in which rows reach a step.
type order struct {
	// mixed says that rows of one key may arrive in another order in another run.
	mixed bool
	// spread says that rows of one source are with several subtasks.
	spread bool
}

// findOrder returns the order of rows at each step.
func findOrder(p *graph.Physical) map[string]order {
	orders := map[string]order{}
	for _, c := range p.Chains {
		for i, s := range c.Steps {
			var o order
			switch {
			case s.Source != nil:
				o = order{mixed: s.Source.Splits, spread: s.Source.Splits && c.Parallelism > 1}
			case i == 0:
				o = behind(c, orders)
			default:
				o = orders[s.Inputs[0].Step]
			}
			orders[s.ID] = o
		}
	}
	return orders
}

// behind returns the order of rows at the head of a chain.
func behind(c *graph.Chain, orders map[string]order) order {
	o := order{mixed: len(c.Inputs) > 1}
	for _, e := range c.Inputs {
		from := orders[e.From.ID]
		moves := e.Kind != graph.Forward
		o.mixed = o.mixed || from.mixed || moves && from.spread
		o.spread = o.spread || from.spread || moves
	}
	o.spread = o.spread && c.Parallelism > 1
	return o
}
