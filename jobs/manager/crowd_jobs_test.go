package manager

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// crowdRows is the input of a job: rows that are a little out of order, some of them late.
func crowdRows(i int) string {
	random := rand.New(rand.NewPCG(uint64(i), 0))
	var b strings.Builder
	b.WriteString("at,k,n\n")
	for row := range 400 {
		at := time.Unix(int64(row-random.IntN(4)-40*(random.IntN(30)/29)), 0).UTC()
		fmt.Fprintf(&b, "%s,k%d,%d\n", at.Format(time.RFC3339), random.IntN(5), random.IntN(1000))
	}
	return b.String()
}

// crowdSteps is what the jobs do, in turn.
var crowdSteps = []string{
	"  - { id: last, where: n % 3 > 0, select: [at, upper(k) AS k, n * 2 AS m] }\n",
	"  - { id: last, key_by: [k], window: { tumble: 10s }, aggregate: { rows: count(*), total: sum(n), least: min(n) } }\n",
	"  - { id: last, key_by: [k], window: { hop: { size: 30s, slide: 10s } }, aggregate: { rows: count(*), mean: avg(n) } }\n",
	"  - { id: last, key_by: [k], window: { session: 3s }, aggregate: { rows: count(*), most: max(n) } }\n",
	"  - { id: fine, key_by: [k], window: { tumble: 10s }, aggregate: { total: sum(n) } }\n" +
		"  - { id: last, key_by: [k], window: { tumble: 1m }, aggregate: { parts: count(*), total: sum(total) } }\n",
	"  - { id: last, key_by: [k], window: { tumble: 20s, allowed_lateness: 5s }, aggregate: { values: count(DISTINCT n) }, parallelism: 2 }\n",
}

func crowdJob(i int) string {
	kind := i % len(crowdSteps)
	job := fmt.Sprintf("name: job-%d\nsources:\n  in:\n    file: { path: ../in/%d.csv }\n    format: csv\n    schema: { at: timestamp, k: string, n: int64 }\n"+
		"    event_time: { column: at, watermark_delay: 5s }\nsteps:\n%ssinks:\n  out: { input: last, file: { path: ../out/job-%d }, format: csv }\n",
		i, i, crowdSteps[kind], i)
	if kind > 0 && kind != 4 {
		job += fmt.Sprintf("  late: { input: last.late, file: { path: ../out/job-%d-late }, format: csv }\n", i)
	}
	return job + "checkpoint: { interval: 20ms }\n"
}

// manyKeys is a job that takes much memory.
func manyKeys(name string) string {
	return fmt.Sprintf(`name: %s
sources:
  made:
    datagen: { rows: 6000, splits: 2, columns: [n = sequence(), "at = clock(2013-01-01T00:00:00Z, 1s, 0s)"] }
    schema: { n: int64, at: timestamp }
    event_time: { column: at }
steps:
  - { id: keyed, select: [at, n, n * 7919 %% 3000 AS k] }
  - id: counts
    key_by: [k]
    window: { tumble: 1mo }
    aggregate: { n: count(*), total: sum(n), least: min(n) }
sinks:
  out: { input: counts, file: { path: ../out/%s }, format: csv }
checkpoint: { interval: 50ms }
`, name, name)
}

const brokenJob = `name: broken
sources: { in: { file: { path: ../in/0.csv }, format: broken, schema: { n: int64 } } }
sinks: { out: { file: { path: ../out/broken }, format: csv } }
restart: { delay: 1ms }
`

// brokenFormat has a decoder that panics.
type brokenFormat struct{ stream.Format }

func (brokenFormat) Extension() string { return ".broken" }

func (brokenFormat) NewDecoder(stream.DecoderContext) (stream.Decoder, error) {
	return brokenDecoder{}, nil
}

func (brokenFormat) NewEncoder(*record.Schema, io.Writer) (stream.Encoder, error) { return nil, nil }

type brokenDecoder struct{ stream.Decoder }

func (brokenDecoder) Next() (*record.Batch, []stream.FailedRecord, error) { panic("planted: decoder") }
func (brokenDecoder) Bookmark() stream.Bookmark                           { return stream.Bookmark{} }
func (brokenDecoder) Close()                                              {}
