package deadletter

import (
	"fmt"
	"path"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/stream"
)

// known is the components that letters may have been written with.
type known struct{ *component.Registry }

// open returns the source that reads the letters of a file, or of the files of a
// folder, in the format that an extension stands for.
func (k known) open(name, extension string) (stream.Source, error) {
	format := k.formatOf(extension)
	if format == nil {
		return nil, fmt.Errorf("%s: dead letters are in files that end in %s", name, strings.Join(k.extensions(), ", "))
	}
	at := component.Position{File: name}
	files := k.Source("file")
	config, problems := component.NewConfig(&files.Spec, at, component.Given(map[string]string{"path": literal(name)}))
	if problems != nil {
		return nil, problems
	}
	return files.New(config, component.SourceInputs{Format: format, Schema: textSchema, Patterns: make([]stream.Pattern, textSchema.Len())})
}

// literal returns the pattern that only a name fits.
func literal(name string) string {
	dir, base := path.Split(name)
	return dir + strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(base)
}

// extension returns the extension of a file without that of its compression.
func extension(name string) string {
	for _, suffix := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, suffix)
	}
	return path.Ext(name)
}

// formatOf returns the format that writes files with an extension, or nil.
func (k known) formatOf(extension string) stream.Format {
	for _, f := range k.formats() {
		if f.Extension() == extension {
			return f
		}
	}
	return nil
}

func (k known) extensions() (all []string) {
	for _, f := range k.formats() {
		all = append(all, f.Extension())
	}
	return all
}

// formats returns the formats that there are, each as it is without options.
func (k known) formats() (all []stream.Format) {
	for i := range k.Formats {
		if f, err := k.Formats[i].Make(nil); err == nil { // else it has no such form
			all = append(all, f)
		}
	}
	return all
}

// rowFormat returns the format of rows in dead letters.
func (k known) rowFormat() (stream.Format, error) { return k.Format("json").Make(nil) }
