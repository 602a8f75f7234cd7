package jobs

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

const ordersJob = `
name: orders
sources:
  orders:
    file: { path: "in/*.jsonl" }
    format: json
    schema:
      meta: { at: timestamp(ms), host: string }
      id: int64
      price: decimal(10,2)
      geo: { lat: float64, city: string }
      items: [{ sku: string, qty: int32, packed: timestamp(s) }]
      note: string
    event_time: { column: meta.at, watermark_delay: 0s }
    on_error: dead_letter
steps:
  - id: cheap
    where: id < 100
    select: [id, price, geo, items, note]
  - id: notes
    input: orders
    key_by: [note]
    window: { tumble: 1m }
    aggregate: { orders: count(*) }
sinks:
  out: { input: cheap, file: { path: out }, format: json }
  counts: { input: notes, file: { path: counts }, format: json }
  broken: { input: orders.dead_letter, file: { path: broken }, format: json }
`

// Nested records pass through a job as they came, those that cannot be read leave
// by the side, and what JSON was written is JSON again.
func TestJSONInAndOut(t *testing.T) {
	fs := files(t, map[string]string{
		"jobs/orders.yaml": ordersJob,
		"jobs/in/1.jsonl": `{"meta":{"host":"a","at":1357035300250},"id":1,"price":12.5,"geo":{"lat":40.7,"city":"New York","zip":10001},"items":[{"sku":"a","qty":2,"packed":1357035300},null,{}],"note":"x"}
{"id":"2","meta":{"at":"1357035301000"},"price":"0.10","other":[1,{"a":[]}],"note":{"text":["é",1]}}
{"id":3,"meta":{"at":1357035302000},"price":0.105}
{"id":4,"meta":{"host":"b"}}
{"id":5,"meta":null}
`,
		"jobs/in/2.jsonl": `{"meta":{"at":1357035303000},"id":100,"note":"x"}
{"meta":{"at":1357035304000},"id":5,"id":6}

{"meta":{"at":1357035305000},"id":7,"geo":null,"items":[],"note":"say \"x\"\n"}
[{"at":1`,
	})
	runOn(t, fs, "jobs/orders.yaml", "state")
	for folder, want := range map[string][]string{
		"jobs/out": {
			`{"id":1,"price":12.50,"geo":{"lat":40.7,"city":"New York"},` +
				`"items":[{"sku":"a","qty":2,"packed":"2013-01-01T10:15:00Z"},null,{"sku":null,"qty":null,"packed":null}],"note":"x"}`,
			`{"id":2,"price":0.10,"geo":null,"items":null,"note":"{\"text\":[\"é\",1]}"}`,
			`{"id":7,"price":null,"geo":null,"items":[],"note":"say \"x\"\n"}`,
		},
		"jobs/counts": {
			`{"note":"say \"x\"\n","window_start":"2013-01-01T10:15:00Z","window_end":"2013-01-01T10:16:00Z","orders":1}`,
			`{"note":"x","window_start":"2013-01-01T10:15:00Z","window_end":"2013-01-01T10:16:00Z","orders":2}`,
			`{"note":"{\"text\":[\"é\",1]}","window_start":"2013-01-01T10:15:00Z","window_end":"2013-01-01T10:16:00Z","orders":1}`,
		},
	} {
		if got := rows(t, fs, folder); !slices.Equal(got, want) {
			t.Errorf("%s holds\n%s\nwant\n%s", folder, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	broken := rows(t, fs, "jobs/broken")
	for i, parts := range [][]string{
		{"before 1.jsonl:", `"the event time column \"meta.at\" is null`,
			`{"meta":{"at":null,"host":"b"},"id":4,"price":null,"geo":null,"items":null,"note":null}`},
		{"before 1.jsonl:", `"the event time column \"meta.at\" is null`,
			`{"meta":null,"id":5,"price":null,"geo":null,"items":null,"note":null}`},
		{"jobs/in/1.jsonl:3", `character 45: column \"price\": 0.105 has more digits after the point`,
			`{"id":3,"meta":{"at":1357035302000},"price":0.105}`},
		{"jobs/in/2.jsonl:2", `character 37: the key \"id\" appears twice`, `{"meta":{"at":1357035304000},"id":5,"id":6}`},
		{"jobs/in/2.jsonl:5", `character 1: a list stands where an object belongs`, `[{"at":1`},
	} {
		parts[2] = base64.StdEncoding.EncodeToString([]byte(parts[2]))
		for _, part := range parts {
			if len(broken) != 5 || !strings.Contains(broken[i], part) {
				t.Errorf("dead letter %d lacks %s:\n%s", i, part, strings.Join(broken, "\n"))
			}
		}
	}
}
