package badger

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/env"
)

// logHead is what a value log begins with; Badger looks at it when it opens the file.
const logHead = 20

// settle makes the files of a folder durable and says what they are.
func settle(dir string) (files []file, err error) {
	names, err := fileNames(dir)
	for _, name := range names {
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR, 0)
		if err != nil {
			return nil, err
		}
		described, err := describe(f, name)
		if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
			return nil, err
		}
		files = append(files, described)
	}
	if err != nil {
		return nil, err
	}
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	return files, errors.Join(d.Sync(), d.Close())
}

// verify makes sure that a folder has these files and no others. That comes before Badger
// opens them, which ends the process at some kinds of damage.
func verify(dir string, files []file) error {
	names, err := fileNames(dir)
	if err != nil {
		return err
	}
	for _, want := range files {
		if err := verifyFile(dir, want); err != nil {
			return err
		}
		names = slices.DeleteFunc(names, func(name string) bool { return name == want.Name })
	}
	if len(names) > 0 {
		return fmt.Errorf("%s: %s does not belong there", dir, names[0])
	}
	return nil
}

func verifyFile(dir string, want file) error {
	f, err := os.Open(filepath.Join(dir, want.Name))
	if err != nil {
		return err
	}
	got, err := describe(f, want.Name)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	switch {
	case got.Size != want.Size:
		return fmt.Errorf("%s has %d bytes, not %d", f.Name(), got.Size, want.Size)
	case got != want:
		return fmt.Errorf("%s is damaged: its CRC-32C is %08x, not %08x", f.Name(), got.Sum, want.Sum)
	}
	return nil
}

// describe says what a file is.
func describe(f *os.File, name string) (file, error) {
	info, err := f.Stat()
	if err != nil {
		return file{}, err
	}
	content := io.Reader(f)
	if strings.HasSuffix(name, ".vlog") {
		content = io.LimitReader(f, logHead)
	}
	sum := crc32.New(castagnoli)
	_, err = io.Copy(sum, content)
	return file{name, info.Size(), sum.Sum32()}, err
}

// fileNames returns what is in a folder, but the lock, whose name is that of Badger's own as well.
func fileNames(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() != env.LockName {
			names = append(names, e.Name())
		}
	}
	return names, err
}
