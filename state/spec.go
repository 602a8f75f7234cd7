package state

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// TableSpec declares a table. All but Due, Ordered, Within, Former, Defaults and the length of a
// TTL is part of every snapshot. A job may come back with other value columns under the
// same name: rows that are restored have the default of a column that was added, columns
// that are gone are dropped, and their order may change. It may come back with another
// TTL. Any other change is refused.
type TableSpec struct {
	Name string // unique within the backend
	// Version is raised by a change behind which there is no way back: a checkpoint of
	// a higher version is refused. A column that means something else gets another name.
	Version int
	// Key is the columns by whose hash rows belong to a key range. It may be
	// empty, for state that is not keyed: such rows have hash 0 and belong to
	// the subtask that owns 0.
	Key []record.Field
	// Sub is the columns behind the key by which rows of equal key are told apart:
	// the start of a pane, a value that is counted once. They count neither for the
	// hash of a row nor for its key range.
	Sub []record.Field
	// Bucketed says that the first column of the sub-key, of type Int64 or Timestamp,
	// is a bucket of time: in snapshots it stands before the hash, so that rows which
	// come up together lie together, and [Table.DropBuckets] replaces what would have
	// to be said of each row that is gone.
	Bucketed bool
	// Multi allows any number of rows of one key and sub-key; otherwise Upsert finds
	// the only one. Rows of a Multi table are always in order, ascending by default.
	Multi bool
	// Values is the columns that operators read and write.
	Values []record.Field
	// Ordered says whether Seek finds the rows of a cluster in the order of their
	// sub-keys, which takes memory and, at each insertion, time. It is no part of a
	// snapshot.
	Ordered Order
	// Within says how many columns of the sub-key, from the first one, the rows of a
	// cluster have in common: a cluster is the rows of one key that have the same values
	// there. [Table.FindClusters] finds it, and Seek, which is given these values, goes
	// by the order within it. A table that is neither Ordered nor has such columns has
	// no clusters. It is no part of a snapshot.
	Within int
	// Due says by which time rows come up in [Table.Due]. It is no part of a
	// snapshot.
	Due DueBy
	// TTL says when rows expire. If a job comes back with another one, rows that were
	// restored keep the time that they had, but by another clock begin to age anew.
	TTL TTL
	// Former is other names that value columns may have in a checkpoint. It is no part of a
	// snapshot.
	Former []Former
	// Defaults is of value columns that a checkpoint may lack; it is NULL of others.
	// It is no part of a snapshot.
	Defaults []Default
}

// maxColumns bounds the columns of a table.
const maxColumns = 1 << 12

// validate checks a declaration.
func (s TableSpec) validate() error {
	if s.Name == "" {
		return fmt.Errorf("state table without a name")
	}
	if n := len(s.Key) + len(s.Sub) + len(s.Values); n > maxColumns {
		return fmt.Errorf("state table %q has %d columns; at most %d are possible", s.Name, n, maxColumns)
	}
	for _, f := range slices.Concat(s.Key, s.Sub) {
		if f.Type.IsNested() {
			return fmt.Errorf("state table %q: key column %q has type %s, which cannot be a key; take it apart before", s.Name, f.Name, f.Type)
		}
	}
	for _, f := range slices.Concat(s.Key, s.Sub, s.Values) {
		if arrowName(f.Type) == "" {
			return fmt.Errorf("state table %q: column %q has type %s, which state does not hold", s.Name, f.Name, f.Type)
		}
	}
	if s.Bucketed && (len(s.Sub) == 0 || !isTime(s.Sub[0].Type)) {
		return fmt.Errorf("state table %q has no sub-key that begins with an int64 or a timestamp, which could be its bucket", s.Name)
	}
	if s.Within < 0 || s.Within > len(s.Sub) || s.Within > 0 && s.Multi {
		return fmt.Errorf("state table %q: clusters cannot have %d of %d sub-key columns in common", s.Name, s.Within, len(s.Sub))
	}
	if err := s.checkDefaults(); err != nil {
		return err
	}
	return s.checkDue()
}

func (s TableSpec) equal(o TableSpec) bool {
	return s.Name == o.Name && s.Version == o.Version && s.Multi == o.Multi && s.Bucketed == o.Bucketed &&
		s.TTL.Clock == o.TTL.Clock && slices.Equal(s.Key, o.Key) && slices.Equal(s.Sub, o.Sub) && slices.Equal(s.Values, o.Values)
}

// String draws the table as "(origin string) by (start int64) → (flights int64)".
func (s TableSpec) String() string {
	var b strings.Builder
	writeFields(&b, s.Key)
	if len(s.Sub) > 0 {
		b.WriteString(" by ")
		writeFields(&b, s.Sub)
	}
	if s.Bucketed {
		b.WriteString(" in buckets")
	}
	if s.Multi {
		b.WriteString(" many")
	}
	if s.TTL.Clock != NoClock {
		b.WriteString(" expiring by " + s.TTL.Clock.String())
	}
	b.WriteString(" → ")
	writeFields(&b, s.Values)
	return b.String()
}

func writeFields(b *strings.Builder, fields []record.Field) {
	b.WriteByte('(')
	for i, f := range fields {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(f.Name + " " + f.Type.String())
	}
	b.WriteByte(')')
}
