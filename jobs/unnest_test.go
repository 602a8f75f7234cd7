package jobs

import (
	"slices"
	"strings"
	"testing"
)

const soldJob = `
name: sold
sources:
  orders:
    file: { path: in/ }
    format: json
    schema: { at: timestamp, customer: string, price: "decimal(8,2)", items: [{ sku: string, qty: int32 }] }
    event_time: { column: at, watermark_delay: 0s }
steps:
  - id: lines
    unnest: items AS item WITH ORDINALITY AS line
    where: item IS NOT NULL
    select: [at, customer, line, item.sku, price / item.qty AS each]
    on_error: dead_letter
  - id: daily
    input: orders
    unnest: items AS item
    where: item.qty > 0
    key_by: [customer]
    window: { tumble: 1d }
    aggregate: { sold: sum(item.qty), kinds: count(DISTINCT item.sku) }
sinks:
  out: { input: lines, file: { path: lines }, format: json }
  broken: { input: lines.dead_letter, file: { path: broken }, format: json }
  days: { input: daily, file: { path: daily }, format: json }
  late: { input: daily.late, file: { path: late }, format: json }
`

// Lists are taken apart before the rest of a step: what it filters, computes,
// fails on and finds late are the rows of elements.
func TestUnnest(t *testing.T) {
	fs := files(t, map[string]string{
		"jobs/sold.yaml": soldJob,
		"jobs/in/1.jsonl": `{"at":"2013-01-01T10:00:00Z","customer":"a","price":1,"items":[{"sku":"x","qty":3},null,{"sku":"y","qty":0}]}
{"at":"2013-01-01T11:00:00Z","customer":"a","price":2,"items":[]}
{"at":"2013-01-01T12:00:00Z","customer":"b","price":3}
{"at":"2013-01-02T10:00:00Z","customer":"a","price":4,"items":[{"sku":"x","qty":1},{"sku":"x","qty":2}]}
{"at":"2013-01-01T23:00:00Z","customer":"b","price":5,"items":[{"sku":"z","qty":4}]}
`,
	})
	runOn(t, fs, "jobs/sold.yaml", "state")
	for folder, want := range map[string][]string{
		"jobs/lines": {
			`{"at":"2013-01-01T10:00:00Z","customer":"a","line":1,"sku":"x","each":0.3333333333333}`,
			`{"at":"2013-01-01T23:00:00Z","customer":"b","line":1,"sku":"z","each":1.2500000000000}`,
			`{"at":"2013-01-02T10:00:00Z","customer":"a","line":1,"sku":"x","each":4.0000000000000}`,
			`{"at":"2013-01-02T10:00:00Z","customer":"a","line":2,"sku":"x","each":2.0000000000000}`,
		},
		"jobs/daily": {
			`{"customer":"a","window_start":"2013-01-01T00:00:00Z","window_end":"2013-01-02T00:00:00Z","sold":3,"kinds":1}`,
			`{"customer":"a","window_start":"2013-01-02T00:00:00Z","window_end":"2013-01-03T00:00:00Z","sold":3,"kinds":1}`,
		},
		"jobs/late": {
			`{"at":"2013-01-01T23:00:00Z","customer":"b","price":5.00,"items":[{"sku":"z","qty":4}],"item":{"sku":"z","qty":4}}`,
		},
	} {
		if got := rows(t, fs, folder); !slices.Equal(got, want) {
			t.Errorf("%s holds\n%s\nwant\n%s", folder, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	broken := rows(t, fs, "jobs/broken")
	if len(broken) != 1 || !strings.Contains(broken[0], "each: price / item.qty: division by zero") {
		t.Errorf("dead letters:\n%s", strings.Join(broken, "\n"))
	}
}
