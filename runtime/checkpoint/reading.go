package checkpoint

import "sync"

// reading is the names of the state objects that are open, each as often as it is.
type reading struct {
	mu    sync.Mutex
	names map[string]int
}

func (r *reading) begin(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names == nil {
		r.names = map[string]int{}
	}
	r.names[name]++
}

func (r *reading) end(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names[name]--; r.names[name] == 0 {
		delete(r.names, name)
	}
}

func (r *reading) has(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.names[name] > 0
}
