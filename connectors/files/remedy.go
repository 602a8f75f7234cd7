package files

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

type remedy struct {
	err  error
	text string
}

// remedies say what to do about what a file system says of the output folder.
var remedies = []remedy{
	{syscall.ENOTDIR, "a part of that path is a file, where a folder is needed: move it away, or write to another folder"},
	{syscall.ENAMETOOLONG, "give job and sink shorter names, or write to another folder"},
	{syscall.ELOOP, "a link in that path leads back to itself: remove it, or write to another folder"},
	{fs.ErrPermission, "let the user who runs weir write there, or write to another folder"},
	{syscall.EROFS, "what is mounted there can only be read: write to another folder"},
	{syscall.ENOSPC, "make room there, and run the job again"},
	{syscall.EDQUOT, "make room there, and run the job again"},
}

// makingRemedies are the same for an error of making a folder.
var makingRemedies = []remedy{
	{fs.ErrExist, "what has that name is no folder; a link to nowhere, perhaps: remove it, or write to another folder"},
	{fs.ErrNotExist, "no folder can be made there: write to another one"},
}

// withRemedy adds what to do to an error of the file system, where the words of that
// alone would not tell.
func withRemedy(err error) error {
	all := remedies
	var at *fs.PathError
	if errors.As(err, &at) && at.Op == "mkdir" {
		all = append(makingRemedies, all...)
	}
	for _, r := range all {
		if errors.Is(err, r.err) {
			return fmt.Errorf("%w; %s", err, r.text)
		}
	}
	return err
}
