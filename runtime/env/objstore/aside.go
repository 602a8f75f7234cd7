package objstore

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/weirstream/weir/runtime/env"
)

// aside is the folder in which a Dir writes what has no name yet. Each Dir that
// is opened takes a number there, above all others', and begins the names of its
// files with it. So a process that was stopped in the middle of a write and wakes
// up much later cannot name somebody else's file by mistake.
//
// A sweep removes the files of all lower numbers, because there is no telling a
// process that has died from one that is slow. Whoever lives and finds itself
// swept takes the next number, which is above the sweeper's, and writes again. So
// a sweep costs the living a moment, never a write; and since a number is swept
// only by higher ones, a process can hold up another once, not for ever.
type aside struct {
	files env.FS
	dir   string

	// taking is held while a number is taken: there is nothing to write under
	// before that is done.
	taking sync.Mutex

	mu     sync.Mutex
	number uint64 // ours
	writes uint64 // files begun so far
}

// mostSweeps bounds how often one write is done again. Each time takes another
// process that has become the owner meanwhile.
const mostSweeps = 100

// greatestNumber is above all numbers that a folder comes to; a name with more
// than that is not ours, and goes with the next sweep.
const greatestNumber = 1 << 62

// open takes the first number and finds out whether the file system can link.
func (a *aside) open() error {
	if err := a.take(); err != nil {
		return err
	}
	return a.unswept(a.probe)
}

// take makes the file that stands for our number: one above all others'. That
// file is never removed before those that it stands for, nor as long as it is the
// highest; so no number is taken twice.
func (a *aside) take() error {
	for {
		names, err := a.files.ReadDir(a.dir)
		if err != nil {
			return err
		}
		number := uint64(1)
		for _, name := range names {
			number = max(number, numberOf(name)+1)
		}
		if number >= greatestNumber {
			return fmt.Errorf("%s has a file with number %d, after which there is no number; remove what is not weir's", a.dir, number-1)
		}
		err = env.WriteFile(a.files, a.numberFile(number), nil)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		a.mu.Lock()
		a.number = number
		a.mu.Unlock()
		return a.files.SyncDir(a.dir)
	}
}

func (a *aside) numberFile(number uint64) string {
	return path.Join(a.dir, strconv.FormatUint(number, 10))
}

// numberOf returns the number that the name of a file begins with; 0 if it has
// none that could be.
func numberOf(name string) uint64 {
	digits, _, _ := strings.Cut(strings.TrimSuffix(name, "/"), "-")
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || n > greatestNumber {
		return 0
	}
	return n
}

func (a *aside) current() uint64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.number
}

// probe finds out whether the file system can link.
func (a *aside) probe(number uint64) error {
	link := a.numberFile(number) + "-probe"
	if err := a.files.Link(a.numberFile(number), link); err != nil {
		return fmt.Errorf("no file in it can be linked (%w), and hard links are what keeps two owners "+
			"apart; where the file system has no hard links, choose a folder on a local disk or an object store", err)
	}
	return a.files.Remove(link)
}

// place writes content to a file and has give name it. It returns the file,
// which may still be there under the name it was written with.
func (a *aside) place(content []byte, give func(file string) error) (file string, err error) {
	err = a.unswept(func(number uint64) error {
		file = a.next(number)
		err := env.WriteFile(a.files, file, content)
		if err == nil {
			err = give(file)
		}
		return err
	})
	return file, err
}

// next returns the name of a file that nobody has had.
func (a *aside) next(number uint64) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.writes++
	return fmt.Sprintf("%s-%d", a.numberFile(number), a.writes)
}

// unswept has something done under our number and, where a sweep has taken away
// what was done, again under the next one.
func (a *aside) unswept(do func(number uint64) error) error {
	for range mostSweeps {
		number := a.current()
		err := do(number)
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		swept, renewErr := a.renew(number)
		if renewErr != nil || !swept {
			return errors.Join(err, renewErr)
		}
	}
	return ErrSwept
}

// renew takes the next number if the given one is not ours any more. It is not
// when its file is gone: a sweep goes by name, and so begins with that.
func (a *aside) renew(number uint64) (swept bool, err error) {
	a.taking.Lock()
	defer a.taking.Unlock()
	if a.current() != number {
		return true, nil // another write of ours has taken the next one
	}
	there, err := env.Exists(a.files, a.numberFile(number))
	if err != nil || there {
		return false, err
	}
	return true, a.take()
}

// sweep removes what lower numbers have left behind.
func (a *aside) sweep() error {
	names, err := a.files.ReadDir(a.dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if numberOf(name) >= a.current() || strings.HasSuffix(name, "/") {
			continue // a folder is nobody's who writes
		}
		if err := a.files.Remove(path.Join(a.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
