package jobs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestWidenedAggregates stops a job and gives the argument of its aggregates another type. Where
// that holds all values of the old one, windows that are open go on with what they have, as if
// the type had been that from the start; where it does not, they do not.
func TestWidenedAggregates(t *testing.T) {
	const wider, goesOn = "what is kept for it is migrated to a wider type", "it goes on with what was kept, and misses nothing"
	for _, test := range []struct {
		from, to   string // types
		aggregates string
		refused    []string
		want       []string // rows of a from 10, b from 10, b from 11, c from 10
	}{
		{"int32", "int64", "total: sum(n), least: min(n), most: max(n), rows: count(n), mean: avg(n)", []string{
			"sums: changed; its state is kept", `- sum(n) of int32 AS "total": ` + wider, `+ sum(n) of int64 AS "total": ` + goesOn,
			`- min(n) of int32 AS "least": ` + wider, `+ avg(n) of int64 AS "mean": ` + goesOn, "events: changed; it resumes where it was"},
			[]string{"15,2,9,3,5", "7,7,7,1,7", "7,1,6,2,3.5", "5,5,5,1,5"}},
		{`"decimal(3,1)"`, `"decimal(20,1)"`, "total: sum(n), least: min(n), most: max(n), rows: count(n)", []string{
			`- sum(n) of decimal(3,1) AS "total": ` + wider, `+ max(n) of decimal(20,1) AS "most": ` + goesOn},
			[]string{"15.0,2.0,9.0,3", "7.0,7.0,7.0,1", "7.0,1.0,6.0,2", "5.0,5.0,5.0,1"}},
		{"int32", "int64", "total: sum(n) FILTER (WHERE n > 3), rows: count(DISTINCT n)", []string{
			`+ sum(n) FILTER (WHERE n > 3) of int64 AS "total": ` + goesOn, `- count(DISTINCT n) of int32 AS "rows": what is kept for it is dropped`,
			`+ count(DISTINCT n) of int64 AS "rows": NULL in windows that are open`},
			[]string{"13,", "7,", "6,2", "5,1"}},
		{"int64", "int32", "total: sum(n), most: max(n)", []string{
			`- sum(n) of int64 AS "total": what is kept for it is dropped`, `+ max(n) of int32 AS "most": NULL in windows that are open`},
			[]string{",", ",", "7,6", "5,5"}},
		{`"decimal(3,1)"`, `"decimal(9,2)"`, "total: sum(n)", []string{`+ sum(n) of decimal(9,2) AS "total": NULL in windows that are open`},
			[]string{"", "", "7.00", "5.00"}},
	} {
		for _, parallelism := range [][2]int{{1, 1}, {3, 2}} {
			t.Run(fmt.Sprint(test.from, test.to, parallelism), func(t *testing.T) {
				job := strings.Replace(aggregatingJob, "n: int64", "n: "+test.from, 1)
				job = strings.Replace(job, "total: sum(n), least: min(n), rows: count(*)", test.aggregates, 1)
				got := runChanged(t, job, strings.NewReplacer("n: "+test.from, "n: "+test.to), parallelism, test.refused)
				if !slices.Equal(got, test.want) {
					t.Errorf("the rows are %q, not %q", got, test.want)
				}
			})
		}
	}
}
