package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// phase is what a process was doing when it was killed.
type phase string

const (
	starting phase = "start"   // it had not taken over the checkpoints yet
	restore  phase = "restore" // it had, and had not processed anything yet that shows
	running  phase = "running" // no checkpoint was under way that shows
	prepare  phase = "prepare" // parts of a checkpoint were written, the slot was not
	commit   phase = "commit"  // a checkpoint was decided, its commit was not known to be done
)

var phases = []phase{starting, restore, running, prepare, commit}

// slot is what matters here of an entry in the checkpoint log, as
// runtime/checkpoint/FORMAT.md has it.
type slot struct {
	Number     uint64 `json:"slot"`
	Kind       string `json:"kind"`
	Generation uint64 `json:"generation"`
	Nonce      string `json:"nonce"`
	Checkpoint uint64 `json:"checkpoint"`
	Restores   uint64 `json:"restores"`
}

// remains is what a process that is gone has left on disk.
type remains struct {
	last      slot // the newest; zero if there is none
	committed bool // the marker of the last decided checkpoint is there, or there is no such checkpoint
	newer     bool // there are state objects or manifests of a checkpoint without a slot
	staged    bool // the last owner's sinks have rows in staging
}

// look reads the remains in a state directory and the folder of all sinks.
func look(stateDir, out string) (remains, error) {
	var r remains
	var err error
	number := uint64(0)
	for _, n := range names(filepath.Join(stateDir, "slots")) {
		_, _ = fmt.Sscanf(n, "%d", &number) // a copy has the number of its slot
	}
	if number == 0 {
		return r, nil
	}
	if r.last, err = readSlot(stateDir, number); err != nil {
		return r, err
	}
	if r.committed, err = r.marked(stateDir); err != nil {
		return r, err
	}
	if r.newer, err = r.begun(stateDir); err != nil {
		return r, err
	}
	staged, err := filepath.Glob(filepath.Join(out, "*", ".weir", "*", "*", "*", fmt.Sprint(r.last.Generation), "*"))
	r.staged = len(staged) > 0
	return r, err
}

// begun reports whether the last owner has begun a checkpoint behind the last slot:
// there is a manifest of it, or a state object that no manifest names.
func (r remains) begun(stateDir string) (bool, error) {
	var named []byte
	for _, n := range names(filepath.Join(stateDir, "manifests")) {
		var generation, id uint64
		_, err := fmt.Sscanf(n, "g%d-c%d", &generation, &id)
		if err == nil && generation == r.last.Generation && id > r.last.Checkpoint {
			return true, nil
		}
		manifest, err := os.ReadFile(filepath.Join(stateDir, "manifests", n))
		if err != nil {
			return false, err
		}
		named = append(named, manifest...)
	}
	for _, n := range names(filepath.Join(stateDir, "state")) {
		if strings.HasPrefix(n, r.last.Nonce+"-") && !bytes.Contains(named, []byte("state/"+n+`"`)) {
			return true, nil
		}
	}
	return false, nil
}

// readSlot reads a slot, which is JSON between a first and a last line.
func readSlot(stateDir string, number uint64) (slot, error) {
	name := filepath.Join(stateDir, "slots", fmt.Sprintf("%020d", number))
	content, err := os.ReadFile(name)
	if err != nil {
		return slot{}, err
	}
	_, body, _ := bytes.Cut(content, []byte("\n"))
	var s slot
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&s); err != nil || s.Number != number {
		return slot{}, fmt.Errorf("%s is no slot %d: %v\n%s", name, number, err, content)
	}
	return s, nil
}

// marked reports whether nothing is left to commit, of the checkpoint that the
// last slot decides or goes on from.
func (r remains) marked(stateDir string) (bool, error) {
	decided, err := r.last, error(nil)
	switch {
	case r.last.Kind == "takeover" && r.last.Restores == 0:
		return true, nil
	case r.last.Kind == "takeover":
		decided, err = readSlot(stateDir, r.last.Restores)
	case r.last.Kind == "finished":
		return true, nil
	}
	if err != nil {
		return false, err
	}
	marker := fmt.Sprintf("g%d-c%d", decided.Generation, decided.Checkpoint)
	_, err = os.Stat(filepath.Join(stateDir, "committed", marker))
	if os.IsNotExist(err) {
		return false, nil
	}
	return err == nil, err
}

// counts reports whether a kill could do harm: there was a checkpoint to go on
// from and something left to do.
func (r remains) counts() bool {
	return r.last.Kind == "checkpoint" || r.last.Kind == "takeover" && r.last.Restores > 0
}

// phase tells what the process was doing that found the slot called before as
// the last one. What has left no trace is taken for the phase before: a barrier
// on its way for running, the first rows after a restore for restore.
func (r remains) phase(before slot) phase {
	switch {
	case r.last.Number == before.Number:
		return starting
	case r.last.Kind == "checkpoint" && !r.committed:
		return commit
	case r.newer:
		return prepare
	case r.last.Kind == "takeover" && !r.staged:
		return restore
	}
	return running
}

// String draws the remains for the log, as "slot 12 takeover g3".
func (r remains) String() string {
	text := []string{fmt.Sprintf("slot %d %s g%d", r.last.Number, r.last.Kind, r.last.Generation)}
	if !r.committed {
		text = append(text, "uncommitted")
	}
	if r.newer {
		text = append(text, "another begun")
	}
	if r.staged {
		text = append(text, "rows staged")
	}
	return strings.Join(text, ", ")
}
