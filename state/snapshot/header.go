package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// Header says what an object holds.
type Header struct {
	Name       string  `json:"name,omitempty"` // what the object is called where it is kept; "": nobody has said so
	Checkpoint uint64  `json:"checkpoint"`
	Base       *uint64 `json:"base,omitempty"` // the checkpoint that a delta builds on; nil: the object stands alone
	Range      Range   `json:"range"`          // the key range of the subtask
	Hash       string  `json:"hash"`           // the function of the key hashes: [keyrange.HashName]
	Tables     []Table `json:"tables"`         // a run is named by the position of its table here
}

// Table describes one table.
type Table struct {
	Name     string  `json:"name"`
	Version  int     `json:"version"`
	Key      []Field `json:"key"`
	Sub      []Field `json:"sub"`      // the sub-key
	Multi    bool    `json:"multi"`    // any number of rows per key and sub-key
	Last     uint64  `json:"last"`     // of a multi table, the greatest number that it gave to a row
	Bucketed bool    `json:"bucketed"` // a bucket of time stands before the hash
	Values   []Field `json:"values"`
	// Expires is the clock by which rows expire, "event time" or "processing time", and
	// Now its time in microseconds since 1970 UTC, nil while it has none.
	Expires string `json:"expires,omitempty"`
	Now     *int64 `json:"now,omitempty"`
}

// Field is a column of a table; Type is Arrow's name for its type, such as "utf8".
type Field struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// layout returns how the keys of the table's run are made.
func (t *Table) layout() runs.Layout { return runs.Layout{Bucketed: t.Bucketed} }

// Range is a key range whose JSON is two hexadecimal strings, since JSON numbers
// do not hold 64 bits.
type Range keyrange.Range

type jsonRange struct {
	First string `json:"first"`
	Last  string `json:"last"`
}

// MarshalJSON writes {"first": "0000000000000000", "last": "ffffffffffffffff"}.
func (r Range) MarshalJSON() ([]byte, error) {
	return json.Marshal(jsonRange{fmt.Sprintf("%016x", r.First), fmt.Sprintf("%016x", r.Last)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Range) UnmarshalJSON(text []byte) error {
	var j jsonRange
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	first, err1 := strconv.ParseUint(j.First, 16, 64)
	last, err2 := strconv.ParseUint(j.Last, 16, 64)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	*r = Range{first, last}
	return nil
}

func decodeHeader(text []byte) (h Header, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&h); err != nil {
		return h, fmt.Errorf("the header is not as expected: %w", err)
	}
	return h, h.check()
}

func (h *Header) check() error {
	switch {
	case h.Range.First > h.Range.Last:
		return fmt.Errorf("the key range ends (%016x) before it begins (%016x)", h.Range.Last, h.Range.First)
	case h.Base != nil && *h.Base >= h.Checkpoint:
		return fmt.Errorf("checkpoint %d cannot build on checkpoint %d", h.Checkpoint, *h.Base)
	}
	for i, t := range h.Tables {
		if i > 0 && t.Name <= h.Tables[i-1].Name {
			return fmt.Errorf("table %s stands behind table %s: the order is that of names, each once", t.Name, h.Tables[i-1].Name)
		}
	}
	return nil
}
