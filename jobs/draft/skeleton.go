package draft

import (
	_ "embed"
	"strings"
)

//go:embed skeleton.yaml
var skeleton string

// Skeleton returns a job called name, in a file called file, that shows how a
// job is put together and runs as it is.
func Skeleton(name, file string) string {
	return strings.NewReplacer("NAME", scalar(name), "FILE", file).Replace(skeleton)
}
