package control

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/weirstream/weir/jobs/manager"
)

// This file has what a process with a manager does beside: it takes in jobs, starts them again
// and deletes them.

// Submission is a job file to be handed in.
type Submission = manager.Submission

// The keys of a submission beside its content.
const (
	fileKey         = "file"
	replaceKey      = "replace"
	savepointKey    = "savepoint"
	allowChangedKey = "allow_changed"
	stateKey        = "state" // of what is deleted
)

func queryOf(s Submission) url.Values {
	return url.Values{fileKey: {s.File}, savepointKey: {s.Savepoint}, replaceKey: {strconv.FormatBool(s.Replace)},
		allowChangedKey: {strconv.FormatBool(s.AllowChanged)}}
}

func (j *Jobs) manager() (Manager, error) {
	if j.Manager == nil {
		return nil, refuse(http.StatusConflict, "this process runs the job that it was started with, and no others: weir serve does")
	}
	return j.Manager, nil
}

func (j *Jobs) submit(r *http.Request) (any, error) {
	m, err := j.manager()
	var s Submission
	if err == nil {
		s, err = readSubmission(r)
	}
	if err != nil {
		return nil, err
	}
	name, err := m.Submit(r.Context(), s)
	if err != nil {
		return nil, err
	}
	return j.info(name), nil
}

func readSubmission(r *http.Request) (s Submission, err error) {
	q := query{values: r.URL.Query()}
	s.File, s.Savepoint = q.text(fileKey), q.text(savepointKey)
	s.Replace, s.AllowChanged = q.flag(replaceKey), q.flag(allowChangedKey)
	if err := q.check(); err != nil {
		return s, err
	}
	if s.Savepoint != "" {
		if err := checkFolder(savepointKey, s.Savepoint); err != nil {
			return s, err
		}
	}
	s.Content, err = io.ReadAll(r.Body)
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return s, refuse(http.StatusRequestEntityTooLarge, "a job file has at most %d bytes", large.Limit)
	}
	return s, err
}

func (j *Jobs) restart(r *http.Request) (any, error) {
	m, err := j.manager()
	var asked RestartRequest
	if err == nil {
		err = read(r, &asked)
	}
	name := r.PathValue("job")
	if err == nil {
		err = m.Restart(r.Context(), name, manager.Beginning{AllowChanged: asked.AllowChanged})
	}
	if err != nil {
		return nil, err
	}
	return j.info(name), nil
}

// Deleted answers a deletion.
type Deleted struct {
	Job string `json:"job"`
}

func (j *Jobs) delete(r *http.Request) (any, error) {
	m, err := j.manager()
	q := query{values: r.URL.Query()}
	state := q.flag(stateKey)
	if err == nil {
		err = q.check()
	}
	name := r.PathValue("job")
	if err == nil {
		err = m.Delete(r.Context(), name, state)
	}
	if err != nil {
		return nil, err
	}
	return Deleted{name}, nil
}

// info returns a job as it is in the list; one that has gone again has no more than a name.
func (j *Jobs) info(name string) Info {
	e, found := j.find(name)
	if !found {
		return Info{Name: name}
	}
	return e.info()
}

// query reads the keys of a request's URL.
type query struct {
	values url.Values
	wrong  error
}

// text returns a key's text, "" without it.
func (q *query) text(key string) string {
	values := q.values[key]
	delete(q.values, key)
	if len(values) > 1 {
		q.wrong = fmt.Errorf("%s is given twice", key)
	}
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// flag returns a key's truth, false without it.
func (q *query) flag(key string) bool {
	text := q.text(key)
	if text == "" {
		return false
	}
	is, err := strconv.ParseBool(text)
	if err != nil {
		q.wrong = fmt.Errorf("%s is true or false, not %q", key, text)
	}
	return is
}

// number returns a key's number, or another one without it.
func (q *query) number(key string, without int) int {
	text := q.text(key)
	if text == "" {
		return without
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		q.wrong = fmt.Errorf("%s is a number from 0 on, not %q", key, text)
	}
	return n
}

// check says what is wrong with the keys that were read, and which are not known.
func (q *query) check() error {
	for key := range q.values {
		q.wrong = fmt.Errorf("there is no key %q here", key)
	}
	if q.wrong != nil {
		return refuse(http.StatusBadRequest, "%w", q.wrong)
	}
	return nil
}
