package deadletter

import (
	"context"
	"fmt"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Read calls each with the letters of a file, in their order, until it returns an
// error, which Read returns. The format goes by the file's name.
func (b *Box) Read(e env.Env, name string, each func(Letter) error) error {
	source, err := b.known.open(name, extension(name))
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
		if len(f.Pieces) > 0 && f.Pieces[0].Finished { // a file is one split
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
	found, err := en.Discover(context.Background())
	if err != nil {
		return nil, err
	}
	r, err := s.NewReader(c)
	if err != nil {
		return nil, err
	}
	return r, r.Assign(found.Splits)
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
	for _, p := range f.Pieces {
		if err == nil && len(p.Failed) > 0 {
			err = fmt.Errorf("%s: this is not a dead letter: %w", p.Failed[0].Where, p.Failed[0].Err)
		}
	}
	return letters, f, err
}
