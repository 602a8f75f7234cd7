package jobs_test

import (
	"fmt"
	"os"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
)

// A program loads a job, runs it and waits for its end. The files are those of a
// file system in memory here; env.OS{} is that of the machine.
func Example() {
	files := memfs.New()
	for name, text := range map[string]string{
		"job.yaml": `
name: large-orders
sources:
  orders: { file: { path: orders.csv }, format: csv, schema: { country: string, amount: int64 } }
steps:
  - id: large
    where: amount >= 100
sinks:
  out: { file: { path: "-" }, format: csv }
`,
		"orders.csv": "country,amount\nde,120\nfr,8\nit,300\n",
	} {
		if err := env.WriteFile(files, name, []byte(text)); err != nil {
			fmt.Println(err)
			return
		}
	}

	job, err := jobs.Load(builtin.Registry(), files, "job.yaml", nil)
	if err != nil {
		fmt.Println(err) // all that is wrong with the file, each with its place
		return
	}
	options := jobs.Options{Env: env.Real(), StateDir: "state"}
	options.Env.Files, options.Env.Stdout = files, os.Stdout
	run, err := jobs.Start(job, options)
	if err != nil {
		fmt.Println(err)
		return
	}
	last, err := run.Wait()
	fmt.Println(last.State, err)
	for _, step := range last.Steps {
		fmt.Println(step.ID, step.Counters.In, step.Counters.Out)
	}
	// Output:
	// country,amount
	// de,120
	// it,300
	// finished <nil>
	// orders 3 3
	// large 3 2
	// out 2 0
}

// What is wrong with a job is told at once, with what was probably meant.
func ExampleLoad() {
	files := memfs.New()
	err := env.WriteFile(files, "job.yaml", []byte(`name: typo
sources:
  orders: { file: { path: orders.csv }, format: csv, schema: { country: string, amount: int65 } }
sinks:
  out: { input: ordrs, print: {} }
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = jobs.Load(builtin.Registry(), files, "job.yaml", nil)
	fmt.Println(err)
	// Output:
	// job.yaml:3:89: sources.orders.schema.amount: "int65" is not a type; did you mean "int64"?
	// job.yaml:5:17: sinks.out.input: there is no source or step "ordrs"; did you mean "orders"?
}
