package logic

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// Case returns the builder of a searched CASE with so many arms. Its arguments are the
// conditions, the results and, unless it is missing, the result of ELSE.
func Case(arms int) kernel.Builder {
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		k := &chooseCase{typ: s.Type, whens: args[:arms], thens: args[arms : 2*arms]}
		if len(args) > 2*arms {
			k.otherwise = args[2*arms]
		}
		return k
	}
}

type chooseCase struct {
	typ          record.Type
	whens, thens []kernel.Kernel
	otherwise    kernel.Kernel // or nil
	choice       choice
	hit, left    []int32
}

// Eval gives each arm the rows that no arm before it took.
func (k *chooseCase) Eval(r *kernel.Run, rows []int32) *record.Column {
	k.choice.begin(r, k.typ)
	k.left = append(k.left[:0], r.Positions(rows)...)
	for i, when := range k.whens {
		if len(k.left) == 0 {
			break
		}
		condition := when.Eval(r, k.left)
		k.hit = r.TrueRows(k.hit[:0], condition, k.left)
		condition.Release()
		if len(k.hit) > 0 {
			k.choice.take(k.thens[i].Eval(r, k.hit), k.hit)
			k.left = minus(k.left, k.hit)
		}
	}
	switch {
	case len(k.left) == 0:
	case k.otherwise == nil:
		k.choice.null(k.left)
	default:
		k.choice.take(k.otherwise.Eval(r, k.left), k.left)
	}
	return k.choice.end(r)
}

// minus removes from ascending rows those of taken, which are among them.
func minus(rows, taken []int32) []int32 {
	kept := rows[:0]
	for _, row := range rows {
		if len(taken) > 0 && taken[0] == row {
			taken = taken[1:]
			continue
		}
		kept = append(kept, row)
	}
	return kept
}
