package deadletter

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/weirstream/weir/connectors/files"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Read calls each with the letters of a file, in their order, until it returns an
// error, which Read returns. The format goes by the file's name.
func Read(e env.Env, name string, each func(Letter) error) error {
	source, err := openFiles(name)
	if err != nil {
		return err
	}
	reader, err := newReader(source, stream.ReaderContext{Env: e, Pool: record.NewPool(), BatchRows: 1024})
	if err != nil {
		return err
	}
	defer reader.Close()
	for {
		letters, f, err := fetch(context.Background(), reader)
		if err != nil {
			return err
		}
		for _, l := range letters {
			if err := each(l); err != nil {
				return err
			}
		}
		if f.Finished {
			return nil
		}
	}
}

// newReader returns a reader that has all splits of a source to read.
func newReader(s stream.Source, c stream.ReaderContext) (stream.Reader, error) {
	en, err := s.NewEnumerator(c.Env, nil)
	if err != nil {
		return nil, err
	}
	splits, _, err := en.Discover(context.Background())
	if err != nil {
		return nil, err
	}
	r, err := s.NewReader(c)
	if err != nil {
		return nil, err
	}
	return r, r.Assign(splits)
}

// fetch returns the letters that a fetch brought. The batch of f is gone.
func fetch(ctx context.Context, r stream.Reader) (letters []Letter, f stream.Fetched, err error) {
	f, err = r.Fetch(ctx)
	if err != nil {
		return nil, f, err
	}
	if f.Batch != nil {
		letters, err = lettersOf(f.Batch)
		f.Batch.Release()
		f.Batch = nil
	}
	if err == nil && len(f.Failed) > 0 {
		err = fmt.Errorf("%s: this is no dead letter: %w", f.Failed[0].Where, f.Failed[0].Err)
	}
	return letters, f, err
}

// openFiles returns the source that reads the letters of a file, or of the files
// of a folder that have the format of the first.
func openFiles(name string) (stream.Source, error) {
	return openAs(name, extension(name))
}

// openAs is [openFiles] for a format.
func openAs(name, extension string) (stream.Source, error) {
	format := formatOf(extension)
	if format == nil {
		return nil, fmt.Errorf("%s: dead letters are in files that end in %s", name, strings.Join(extensions(), ", "))
	}
	at := component.Position{File: name}
	config, problems := component.NewConfig(&files.SourceType.Spec, at, []string{"path"}, map[string]component.Value{"path": {At: at, Text: literal(name)}})
	if problems != nil {
		return nil, problems
	}
	return files.SourceType.New(config, component.SourceInputs{Format: format, Schema: textSchema, Patterns: make([]stream.Pattern, textSchema.Len())})
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
func formatOf(extension string) stream.Format {
	for _, f := range formats() {
		if f.Extension() == extension {
			return f
		}
	}
	return nil
}

func extensions() (all []string) {
	for _, f := range formats() {
		all = append(all, f.Extension())
	}
	return all
}

// formats returns the formats of this binary, each as it is without options.
func formats() (all []stream.Format) {
	for _, t := range builtin.Registry().Formats {
		config, problems := component.NewConfig(&t.Spec, component.Position{}, nil, nil)
		if problems != nil {
			continue // it has no such form
		}
		if f, err := t.New(config); err == nil {
			all = append(all, f)
		}
	}
	return all
}
