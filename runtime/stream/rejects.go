package stream

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/excerpt"
)

// Rejects tell why rows of one subtask were rejected: dropped, or made dead letters. The
// actor adds to them; anyone may read them. As counters, they are part of a checkpoint.
type Rejects struct {
	mu    sync.Mutex // taken once a batch that has rejected rows
	kinds []Reject
}

// Reject is a kind of errors, with the first row that failed so.
type Reject struct {
	Kind    string `json:"kind"` // the message without the values in it
	Rows    int64  `json:"rows"`
	Where   string `json:"where,omitempty"` // of the first one
	Message string `json:"message"`
	Letters bool   `json:"dead_letters,omitempty"` // they are dead letters, not dropped
	// Damage says that each stands for the rest of an input that is damaged there, of
	// which nobody knows how many rows it had.
	Damage bool `json:"damage,omitempty"`
}

// Bounds on what is kept: errors of more kinds are counted as others.
const (
	mostKinds    = 20
	mostKindText = 200 // bytes
	mostMessage  = 500
	otherKinds   = "other errors"
)

// Add counts a row that was rejected; where is asked of the first of a kind.
func (r *Rejects) Add(message string, letter bool, where func() string) {
	r.add(Reject{Kind: kindOf(message), Rows: 1, Letters: letter}, message, where)
}

// AddFailed counts a record of a source that was rejected, or the rest of its input.
func (r *Rejects) AddFailed(f FailedRecord, letter bool) {
	message := f.Err.Error()
	one := Reject{Kind: kindOf(message), Rows: 1, Letters: letter, Damage: f.IsDamage()}
	r.add(one, message, func() string { return f.Where })
}

func (r *Rejects) add(one Reject, message string, where func() string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kinds := len(r.kinds)
	r.kinds = addReject(r.kinds, one)
	if len(r.kinds) > kinds {
		first := &r.kinds[kinds]
		first.Where, first.Message = where(), string(excerpt.Cut(message, mostMessage))
	}
}

// Restore adds what a checkpoint has.
func (r *Rejects) Restore(kept []Reject) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kinds = AddRejects(r.kinds, kept)
}

// Values returns the kinds as they are now.
func (r *Rejects) Values() []Reject {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.kinds)
}

// AddRejects returns the kinds of two subtasks together, the most frequent first.
func AddRejects(a, b []Reject) []Reject {
	all := slices.Clone(a)
	for _, one := range b {
		all = addReject(all, one)
	}
	slices.SortStableFunc(all, func(a, b Reject) int { return cmp.Compare(b.Rows, a.Rows) })
	return all
}

// addReject adds one kind to others, each of which is there once.
func addReject(kinds []Reject, one Reject) []Reject {
	at := func(kind string) int {
		return slices.IndexFunc(kinds, func(k Reject) bool { return k.Kind == kind && k.Letters == one.Letters && k.Damage == one.Damage })
	}
	i := at(one.Kind)
	if i < 0 && len(kinds) >= mostKinds {
		one.Kind = otherKinds
		i = at(otherKinds)
	}
	if i < 0 {
		return append(kinds, one)
	}
	kinds[i].Rows += one.Rows
	return kinds
}

// kindOf returns a message without what differs from row to row: texts in quotes, unless
// they name a column, and numbers.
func kindOf(message string) string {
	var b strings.Builder
	for rest := message; rest != "" && b.Len() < mostKindText; {
		switch c := rest[0]; {
		case c == '"':
			text := rest[:quotedEnd(rest)]
			if strings.HasSuffix(b.String(), "column ") {
				b.WriteString(text)
			} else {
				b.WriteString("…")
			}
			rest = rest[len(text):]
		case '0' <= c && c <= '9':
			rest = strings.TrimLeft(rest, "0123456789")
			b.WriteByte('N')
		default:
			_, size := utf8.DecodeRuneInString(rest)
			b.WriteString(rest[:size])
			rest = rest[size:]
		}
	}
	return b.String()
}

// quotedEnd returns where a text in quotes, which text begins with, ends.
func quotedEnd(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}
