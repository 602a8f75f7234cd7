package manager

import (
	"fmt"
	"slices"
	"sync"

	"github.com/weirstream/weir/runtime/failure"
)

// names is who has the name of a job: a folder of checkpoints is one file's.
type names struct {
	sync.Mutex
	files   map[string]string
	waiting []*job // that would have a name which is another's
}

// claim gives a name to a job, or says whose it is. Then the job is told when any name is given up.
func (n *names) claim(name string, j *job) error {
	n.Lock()
	defer n.Unlock()
	if n.files == nil {
		n.files = map[string]string{}
	}
	if of := n.files[name]; of != "" && of != j.file {
		n.waiting = append(n.waiting, j)
		return failure.Invalid(fmt.Errorf("%s has a job of the name %q, too; give one of them another name", of, name))
	}
	n.files[name] = j.file
	n.waiting = slices.DeleteFunc(n.waiting, func(other *job) bool { return other == j })
	return nil
}

// owner returns the file whose job has a name, "" for none.
func (n *names) owner(name string) (file string) {
	n.Lock()
	defer n.Unlock()
	return n.files[name]
}

// of returns the name that the job of a file has, "" as long as it has none.
func (n *names) of(file string) (name string) {
	n.Lock()
	defer n.Unlock()
	for name, of := range n.files {
		if of == file {
			return name
		}
	}
	return ""
}

// give gives a name up.
func (n *names) give(name, file string) {
	n.Lock()
	defer n.Unlock()
	if n.files[name] != file {
		return
	}
	delete(n.files, name)
	for _, j := range n.waiting {
		j.change()
	}
	n.waiting = nil
}
