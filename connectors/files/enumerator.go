package files

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// NewEnumerator returns the enumerator. What it saves is whether the files were
// found already: their splits are then in the checkpoint.
func (s *source) NewEnumerator(e env.Env, saved []byte) (stream.Enumerator, error) {
	en := &enumerator{source: s, files: e.Files}
	if len(saved) > 0 {
		if err := json.Unmarshal(saved, &en.state); err != nil {
			return nil, failure.Fatal(fmt.Errorf("file source: the enumerator's state in the checkpoint is damaged: %w", err))
		}
	}
	if en.state.Finished == nil {
		en.state.Finished = map[string]bool{}
	}
	return en, nil
}

type enumerator struct {
	source   *source
	files    env.FS
	state    enumeratorState
	compared bool // the files that are there with those of the checkpoint
}

type enumeratorState struct {
	Discovered bool `json:"discovered"`
	// Files are those that are read side by side. Where they are read one after the
	// other, their split has them.
	Files listing `json:"files,omitempty"`
	// Finished are those of Files that have been read.
	Finished map[string]bool `json:"finished,omitempty"`
}

// oneSplit is the split of all files together.
const oneSplit stream.SplitID = "files"

// Discover returns all splits the first time. Behind a restore there are no more,
// but the files have to be those that there were.
func (en *enumerator) Discover(context.Context) (stream.Discovery, error) {
	if en.state.Discovered {
		return stream.Discovery{Done: true}, en.compare()
	}
	if en.source.watch > 0 {
		en.state.Discovered = true
		return stream.Discovery{Splits: []stream.Split{{ID: oneSplit}}, Done: true}, nil
	}
	files, err := expand(en.files, en.source.paths)
	if err != nil {
		return stream.Discovery{}, err
	}
	splits := []stream.Split{{ID: oneSplit}}
	if en.source.parallel {
		if en.state.Files, err = listFiles(en.files, files, nil); err != nil {
			return stream.Discovery{}, err
		}
		splits = make([]stream.Split, len(files))
		for i, f := range files {
			splits[i].ID = stream.SplitID(f.name)
		}
	}
	en.state.Discovered, en.compared = true, true
	return stream.Discovery{Splits: splits, Done: true}, nil
}

// compare finds what has become of files of which each is a split, unless all of
// them have been read. Those that are being read are their readers' to look at.
func (en *enumerator) compare() error {
	if en.compared || len(en.state.Finished) >= len(en.state.Files) {
		return nil
	}
	en.compared = true
	now, err := expand(en.files, en.source.paths)
	if err != nil {
		return err
	}
	return en.state.Files.compare(en.files, now,
		func(name string) bool { return en.state.Finished[name] },
		func(int) bool { return true })
}

// Finished notes which files have been read.
func (en *enumerator) Finished(id stream.SplitID) { en.state.Finished[string(id)] = true }

// Snapshot returns whether the splits have been handed out, and which have been read.
func (en *enumerator) Snapshot() ([]byte, error) { return json.Marshal(en.state) }
