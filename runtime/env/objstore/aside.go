package objstore

import (
	"context"
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
// swept takes the next number, which is above the sweeper's, and says so ([ErrSwept]),
// so that what was being written is written again. A number is swept only by higher
// ones: a process can hold up another once, not for ever.
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

// greatestNumber is above all numbers that a folder comes to; a name with more
// than that is not ours, and goes with the next sweep.
const greatestNumber = 1 << 62

// open takes the first number and finds out whether the file system can link.
func (a *aside) open() error {
	if err := a.take(); err != nil {
		return err
	}
	return again(func() error {
		number := a.current()
		return a.explain(number, a.probe(number))
	})
}

// take makes the file that stands for our number: one above all others'. That
// file is never removed as long as it is the highest. So a number that still is the
// highest once its file is there was nobody's before; one that is not may have been,
// and been swept before we came to make its file.
func (a *aside) take() error {
	for {
		highest, err := a.highest()
		if err != nil {
			return err
		}
		number := highest + 1
		if number >= greatestNumber {
			return fmt.Errorf("%s has a file with number %d, after which there is no number; remove what is not weir's", a.dir, number-1)
		}
		err = env.WriteFile(a.files, a.numberFile(number), nil)
		if err == nil {
			highest, err = a.highest()
		}
		if errors.Is(err, fs.ErrExist) || err == nil && highest != number {
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

// highest returns the greatest number that a file stands under, 0 if there is none.
func (a *aside) highest() (uint64, error) {
	names, err := a.files.ReadDir(a.dir)
	var highest uint64
	for _, name := range names {
		highest = max(highest, numberOf(name))
	}
	return highest, err
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

// begin makes a file that nobody has had, for writing. It returns the number that
// the file stands under.
func (a *aside) begin() (number uint64, name string, file env.File, err error) {
	number = a.current()
	name = a.next(number)
	file, err = a.files.Create(name)
	if err != nil {
		return number, name, nil, a.explain(number, err)
	}
	return number, name, file, nil
}

// next returns the name of a file that nobody has had.
func (a *aside) next(number uint64) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.writes++
	return fmt.Sprintf("%s-%d", a.numberFile(number), a.writes)
}

// explain returns ErrSwept for an error that comes of a sweep of the given number, and
// takes the next one. Other errors are returned as they are.
func (a *aside) explain(number uint64, err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	swept, renewErr := a.renew(number)
	if renewErr != nil || !swept {
		return errors.Join(err, renewErr)
	}
	return ErrSwept
}

// renew takes the next number if the given one is not ours any more, or may not be:
// it is swept by higher ones only.
func (a *aside) renew(number uint64) (swept bool, err error) {
	a.taking.Lock()
	defer a.taking.Unlock()
	if a.current() != number {
		return true, nil // another writer of ours has taken the next one
	}
	highest, err := a.highest()
	if err != nil || highest == number {
		return false, err
	}
	return true, a.take()
}

// sweep removes what lower numbers have left behind.
func (a *aside) sweep(ctx context.Context) error {
	names, err := a.files.ReadDir(a.dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		if numberOf(name) >= a.current() || strings.HasSuffix(name, "/") {
			continue // a folder is nobody's who writes
		}
		if err := a.files.Remove(path.Join(a.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
