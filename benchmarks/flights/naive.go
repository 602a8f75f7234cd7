// Command flights computes the result of the main example job,
// jobs/examples/departure-delays.yaml, with a plain loop: encoding/csv, a map,
// nothing else. It is what the engine's CPU time is measured against.
//
//	go run ./benchmarks/flights jobs/examples/data/departures-2013-01.csv.gz
//
// With -print it writes the result as CSV, too.
package main

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// As the job is set: windows of an hour by origin, a watermark two hours behind
// the latest flight, and an hour of allowed lateness.
const (
	size     = time.Hour
	delay    = 2 * time.Hour
	lateness = time.Hour
)

func main() {
	show := flag.Bool("print", false, "write the result as CSV to standard output")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: flights [-print] departures.csv.gz")
		os.Exit(2)
	}
	result, err := run(flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, "flights:", err)
		os.Exit(1)
	}
	if *show {
		result.print(os.Stdout)
	}
	fmt.Fprintf(os.Stderr, "%d rows in, %d null, %d late, %d rows out, %.2f s of CPU\n",
		result.rows, result.null, result.late, len(result.groups), cpu().Seconds())
}

// group is the key of a result row, delays its aggregates.
type group struct {
	origin string
	start  time.Time
}

type delays struct {
	flights, sum, worst int
}

type result struct {
	groups           map[group]*delays
	rows, null, late int
}

func run(name string) (*result, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var text io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if text, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	r := csv.NewReader(text)
	r.ReuseRecord = true
	return aggregate(r)
}

func aggregate(r *csv.Reader) (*result, error) {
	header, err := r.Read()
	if err != nil {
		return nil, err
	}
	at, origin, late := slices.Index(header, "scheduled_at"), slices.Index(header, "origin"), slices.Index(header, "dep_delay_min")
	if at < 0 || origin < 0 || late < 0 {
		return nil, errors.New("scheduled_at, origin or dep_delay_min is missing")
	}
	res := &result{groups: map[group]*delays{}}
	var latest time.Time
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return res, nil
		}
		if err != nil {
			return nil, err
		}
		scheduled, err := time.Parse(time.RFC3339, cells[at])
		if err != nil {
			return nil, err
		}
		watermark := latest.Add(-delay)
		if scheduled.After(latest) {
			latest = scheduled
		}
		if err := res.add(scheduled, watermark, cells[origin], cells[late]); err != nil {
			return nil, err
		}
	}
}

// add takes in one flight, before which the watermark stood at watermark.
func (r *result) add(scheduled, watermark time.Time, origin, late string) error {
	r.rows++
	if late == "" {
		r.null++
		return nil
	}
	minutes, err := strconv.Atoi(late)
	if err != nil {
		return err
	}
	start := scheduled.Truncate(size)
	if !start.Add(size + lateness).After(watermark) {
		r.late++
		return nil
	}
	d := r.groups[group{origin, start}]
	if d == nil {
		d = &delays{worst: minutes}
		r.groups[group{strings.Clone(origin), start}] = d
	}
	d.flights++
	d.sum += minutes
	d.worst = max(d.worst, minutes)
	return nil
}

func (r *result) print(to io.Writer) {
	var lines []string
	for g, d := range r.groups {
		lines = append(lines, fmt.Sprintf("%s,%s,%s,%d,%s,%d", g.origin, g.start.Format(time.RFC3339), g.start.Add(size).Format(time.RFC3339),
			d.flights, strconv.FormatFloat(float64(d.sum)/float64(d.flights), 'f', -1, 64), d.worst))
	}
	slices.Sort(lines)
	fmt.Fprintln(to, "origin,window_start,window_end,flights,mean_delay,worst")
	for _, l := range lines {
		fmt.Fprintln(to, l)
	}
}

// cpu returns the CPU time of the process, of all its threads.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
