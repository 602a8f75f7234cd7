package objstore

import (
	"fmt"
	"strings"
)

// checkName refuses names that a directory could not hold as they are.
func checkName(name string) error {
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || strings.HasPrefix(part, ".") {
			return fmt.Errorf("object name %q: a part between slashes is empty or begins with a dot", name)
		}
	}
	return nil
}
