package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"github.com/weirstream/weir/jobs/manager"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// SavepointRequest asks for a savepoint.
type SavepointRequest struct {
	Folder string `json:"folder"` // an absolute path, on the machine of the job
}

// StopRequest asks for the end of a job.
type StopRequest struct {
	Drain     bool   `json:"drain,omitempty"`     // finish it as if its input had ended
	Savepoint string `json:"savepoint,omitempty"` // the folder of one that is to be its last word
}

// RestartRequest asks for another start of a job.
type RestartRequest struct {
	AllowChanged bool `json:"allow_changed,omitempty"` // it may be another one than when its last checkpoint was taken
}

// Detail is a job step by step.
type Detail struct {
	Info
	Status *status.Job `json:"status,omitempty"` // nil: it could not be started
}

// Done answers what ends a job, or saves it.
type Done struct {
	Job        string              `json:"job"`
	State      status.State        `json:"state"`
	Checkpoint stream.CheckpointID `json:"checkpoint"`
	Savepoint  string              `json:"savepoint,omitempty"`
}

// refusal is an error with its status code.
type refusal struct {
	code int
	err  error
}

func (r refusal) Error() string { return r.err.Error() }

func refuse(code int, format string, args ...any) error {
	return refusal{code, fmt.Errorf(format, args...)}
}

// answering makes a handler of what has an answer. It may take any time: a savepoint is large.
func answering(answer func(r *http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		deadlines := http.NewResponseController(w)
		_, _ = deadlines.SetWriteDeadline(time.Time{}), deadlines.SetReadDeadline(time.Time{}) // else the usual ones
		done, err := answer(r)
		if err != nil {
			http.Error(w, err.Error(), codeOf(err))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(done) // the client's matter
	})
}

// codeOf returns the status code of an error.
func codeOf(err error) int {
	var refused refusal
	switch {
	case errors.As(err, &refused):
		return refused.code
	case errors.Is(err, manager.ErrNoJob):
		return http.StatusNotFound
	case errors.Is(err, manager.ErrTaken), failure.ClassOf(err) == failure.ClassFatal:
		return http.StatusConflict
	case failure.ClassOf(err) == failure.ClassInvalid:
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// read reads the body of a request; an empty one says nothing.
func read(r *http.Request, into any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil && d.More() {
		err = errors.New("there is more behind it")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return refuse(http.StatusBadRequest, "the request is not as expected: %w", err)
	}
	return nil
}

// job returns the job that a request is about.
func (j *Jobs) job(r *http.Request) (entry, error) {
	name := r.PathValue("job")
	e, found := j.find(name)
	if !found {
		return e, refuse(http.StatusNotFound, "no job %q runs here", name)
	}
	return e, nil
}

// run returns its run.
func (j *Jobs) run(r *http.Request) (Run, error) {
	e, err := j.job(r)
	if err == nil && e.run == nil {
		err = refuse(http.StatusConflict, "the job %q has not begun: %s", e.name, e.info().Why)
	}
	return e.run, err
}

func (j *Jobs) listJobs(*http.Request) (any, error) { return j.list(), nil }

func (j *Jobs) show(r *http.Request) (any, error) {
	e, err := j.job(r)
	if err != nil || e.run == nil {
		return Detail{Info: e.info()}, err
	}
	s := e.run.Status()
	return Detail{e.info(), &s}, nil
}

func (j *Jobs) savepoint(r *http.Request) (any, error) {
	run, err := j.run(r)
	var asked SavepointRequest
	if err == nil {
		err = read(r, &asked)
	}
	if err == nil {
		err = checkFolder("folder", asked.Folder)
	}
	if err != nil {
		return nil, err
	}
	id, err := run.Savepoint(r.Context(), asked.Folder)
	if err != nil {
		return nil, err
	}
	s := run.Status()
	return Done{Job: s.Name, State: s.State, Checkpoint: id, Savepoint: asked.Folder}, nil
}

// checkFolder refuses a path that would mean something else to the process than to the client.
func checkFolder(key, folder string) error {
	if !filepath.IsAbs(folder) {
		return refuse(http.StatusBadRequest, "%s: %q is no absolute path of a folder, such as /var/savepoints/1", key, folder)
	}
	return nil
}

func (j *Jobs) stop(r *http.Request) (any, error) {
	run, err := j.run(r)
	var asked StopRequest
	if err == nil {
		err = read(r, &asked)
	}
	if err == nil {
		err = asked.apply(run)
	}
	if err != nil {
		return nil, err
	}
	select {
	case <-run.Ended():
	case <-r.Context().Done():
		return nil, r.Context().Err() // nobody hears it
	}
	last, err := run.Outcome()
	if err != nil {
		return nil, err
	}
	return Done{Job: last.Name, State: last.State, Checkpoint: last.Checkpoint, Savepoint: asked.Savepoint}, nil
}

// apply begins to end a job.
func (asked StopRequest) apply(run Run) error {
	switch {
	case asked.Drain && asked.Savepoint != "":
		return refuse(http.StatusBadRequest,
			"drain or savepoint: a job that is drained has finished, so that nothing goes on from a savepoint of it")
	case asked.Drain:
		run.Drain()
	case asked.Savepoint == "":
		run.Stop()
	default:
		if err := checkFolder("savepoint", asked.Savepoint); err != nil {
			return err
		}
		return run.StopWithSavepoint(asked.Savepoint)
	}
	return nil
}
