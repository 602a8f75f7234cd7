package manager

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/failure"
)

// This file is what others ask of a manager. The folder stays what says which jobs there are:
// whoever submits a job has a file written there, and whoever deletes one, removed.

// Submission is a job file that somebody hands in.
type Submission struct {
	// File is what the file is to be called, such as orders.yaml; it also names places in
	// what is wrong with it. "" is the job's name.
	File    string
	Content []byte
	// Replace lets the job be one that is there already, which goes on with the new file.
	Replace bool
	Beginning
}

// Beginning is what whoever starts a job says about that start alone.
type Beginning struct {
	Savepoint    string // the folder of a savepoint that it begins with; "" is none
	AllowChanged bool   // it may be another one than when its last checkpoint was taken
}

// What may be wrong with a request beside what the job itself says.
var (
	ErrNoJob = errors.New("there is no such job")
	ErrTaken = errors.New("there is one already")
)

// Submit takes in a job file, and returns the job's name once it has begun or could not; that is
// for whoever watches to tell. The error says why it was not taken in.
func (m *Manager) Submit(ctx context.Context, s Submission) (name string, err error) {
	if err := s.checkFile(); err != nil {
		return "", err
	}
	aside := path.Join(m.options.Folder, fmt.Sprintf("%s%d.yaml", asidePrefix, m.handedIn.Add(1)))
	files := m.options.Env().Files
	err = env.RemoveAll(files, aside) // of a process that has ended
	if err == nil {
		err = env.WriteFile(files, aside, s.Content)
	}
	if err != nil {
		return "", fmt.Errorf("the folder of job files: %w", err)
	}
	file := ""
	name, err = m.nameIn(aside, s.File) // a source may ask others for its columns, which takes its time
	if err == nil {
		file, err = m.place(aside, name, s)
	}
	if err != nil {
		return "", errors.Join(err, env.RemoveAll(files, aside))
	}
	return name, m.begun(ctx, file)
}

// asidePrefix begins the names of files that are handed in, until they are read; they are no job files.
const asidePrefix = ".submitted-"

// place moves the file of a submission to its place, and has its job begin.
func (m *Manager) place(aside, name string, s Submission) (file string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended {
		return "", errEnded
	}
	if file, err = m.fileFor(name, s); err != nil {
		return "", err
	}
	files := m.options.Env().Files
	err = files.Rename(aside, path.Join(m.options.Folder, file))
	if err == nil {
		err = files.SyncDir(m.options.Folder)
	}
	if err != nil {
		return "", err
	}
	m.beginnings[file] = s.Beginning
	if j := m.jobs[file]; j != nil { // whatever it was, and is: it is to begin as was said
		j.sum = sha256.Sum256(s.Content)
		j.change()
	}
	return file, nil
}

// mostName is how many bytes the name of a job file has that is handed in.
const mostName = 200

func (s *Submission) checkFile() error {
	isOdd := func(r rune) bool { return !unicode.IsPrint(r) || r == '/' || r == '\\' }
	if s.File != "" && (!isJobFile(s.File) || len(s.File) > mostName || strings.ContainsFunc(s.File, isOdd)) {
		return failure.Invalid(fmt.Errorf("%q is no name of a job file, such as orders.yaml", s.File))
	}
	return nil
}

// nameIn returns the name of the job in a file. What is wrong there is said of the file as it was
// handed in.
func (m *Manager) nameIn(aside, handedIn string) (string, error) {
	loaded, err := jobs.Load(m.options.Registry, m.options.Env().Files, aside, nil)
	if err == nil {
		return loaded.Graph.Name, nil
	}
	var problems component.Problems
	if errors.As(err, &problems) {
		for i := range problems {
			if problems[i].At.File == aside {
				problems[i].At.File = cmp.Or(handedIn, "job")
			}
		}
	}
	return "", err
}

// fileFor returns the file in the folder that a submitted job is to have: that of the job, if it
// is there.
func (m *Manager) fileFor(name string, s Submission) (string, error) {
	file := s.File
	if file == "" {
		file = name + ".yaml"
	}
	if of := m.names.owner(name); of != "" {
		file = of
	}
	isThere, err := env.Exists(m.options.Env().Files, path.Join(m.options.Folder, file)) // nobody may have seen it yet
	switch of := m.names.of(file); {
	case err != nil:
		return "", err
	case isThere && of != "" && of != name:
		return "", fmt.Errorf("%w: %s is the file of job %q; give this one another name", ErrTaken, file, of)
	case isThere && !s.Replace:
		return "", fmt.Errorf("%w: %s is there, for job %q; say that it is to be replaced, or give this one another name", ErrTaken, file, name)
	}
	return file, nil
}

// begun looks at the folder and waits until the job of a file has begun, or could not.
func (m *Manager) begun(ctx context.Context, file string) error {
	for {
		if err := m.refresh(); err != nil {
			return err
		}
		m.mu.Lock()
		j, ending := m.jobs[file], m.ending[file]
		m.mu.Unlock()
		switch {
		case j != nil:
			return j.settled(ctx)
		case ending == nil:
			return fmt.Errorf("%w: %s has been removed meanwhile", ErrNoJob, file)
		}
		if err := await(ctx, ending.over); err != nil {
			return err
		}
	}
}

// Restart has a job that runs take a last checkpoint and go on from there, and one that has ended,
// or could not begin, begin again. It returns once it has begun or could not.
func (m *Manager) Restart(ctx context.Context, name string, b Beginning) error {
	m.mu.Lock()
	j, err := m.find(name)
	if err == nil {
		m.beginnings[j.file] = b
		j.change()
	}
	m.mu.Unlock()
	if err != nil {
		return err
	}
	return j.settled(ctx)
}

// Delete removes the file of a job, and returns once the job has stopped with a last checkpoint.
// If its state is to go, too, nothing of it is left.
func (m *Manager) Delete(ctx context.Context, name string, state bool) error {
	m.mu.Lock()
	j, err := m.find(name)
	if err == nil && state && m.names.of(j.file) == "" {
		err = failure.Invalid(fmt.Errorf("%s cannot be read, so that nobody knows which checkpoints are its job's: delete it without them, "+
			"and remove their folder", j.file))
	}
	if err == nil {
		err = m.delete(j, state)
	}
	m.mu.Unlock()
	if err == nil {
		err = await(ctx, j.over)
	}
	if err != nil {
		return err
	}
	return j.left
}

func (m *Manager) delete(j *job, state bool) error {
	files := m.options.Env().Files
	err := files.Remove(path.Join(m.options.Folder, j.file))
	if err == nil {
		err = files.SyncDir(m.options.Folder)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	m.remove(j, state)
	return nil
}

// find returns the job of a name, or of a file that could not be read and goes by its own.
func (m *Manager) find(name string) (*job, error) {
	for file, j := range m.jobs {
		if of := m.names.of(file); of == name || of == "" && file == name {
			return j, nil
		}
	}
	return nil, fmt.Errorf("%w: %q is not the name of any here", ErrNoJob, name)
}

// await waits until something is over.
func await(ctx context.Context, over <-chan struct{}) error {
	select {
	case <-over:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
