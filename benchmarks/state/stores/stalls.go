package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/weirstream/weir/state/runs"
)

// watch writes a run that stays, and reads it at random, a thousand times a second, until
// the function that it returns is called, which says how long that took.
func (b *bench) watch() (end func() (string, error), err error) {
	const id = 1 << 40
	if err := b.writeRun(id); err != nil {
		return nil, err
	}
	r, err := b.store.Open(id)
	if err != nil {
		return nil, err
	}
	stop, done := make(chan struct{}), make(chan error, 1)
	var took []time.Duration
	go func() { done <- read(r, stop, &took) }()
	return func() (string, error) {
		close(stop)
		if err := <-done; err != nil {
			return "", err
		}
		slices.Sort(took)
		n := len(took)
		return fmt.Sprintf("median %v, 99.9th percentile %v, longest of %d %v", took[n/2], took[n*999/1000], n, took[n-1]), r.Close()
	}, nil
}

func read(r runs.RunReader, stop chan struct{}, took *[]time.Duration) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	random, buffer := rand.New(rand.NewPCG(2, 2)), make([]byte, chunkBytes)
	for {
		select {
		case <-stop:
			return nil
		case <-tick.C:
		}
		n := random.IntN(runChunks)
		start := time.Now()
		if _, err := r.ReadChunk(runs.Chunk{Number: n, Offset: int64(n) * chunkBytes, Length: chunkBytes}, buffer); err != nil {
			return err
		}
		*took = append(*took, time.Since(start))
	}
}
