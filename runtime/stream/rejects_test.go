package stream

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
)

// Errors are of one kind if they differ in the values of rows only.
func TestKindOf(t *testing.T) {
	for message, want := range map[string]string{
		`column "n": "two" is not a whole number`:        `column "n": … is not a whole number`,
		`column "n": "a \" b" is not a whole number`:     `column "n": … is not a whole number`,
		`column "m": "two" is not a whole number`:        `column "m": … is not a whole number`,
		"7 cells, the header has 12: a quote is missing": "N cells, the header has N: a quote is missing",
		"größer als -3.5":                                "größer als -N.N",
		`"open`:                                          "…",
		`half: 12 / n: out of range`:                     "half: N / n: out of range",
	} {
		if got := kindOf(message); got != want {
			t.Errorf("%s is of the kind %s, want %s", message, got, want)
		}
	}
}

// Rows are counted by kind, with the first of each, over subtasks and restores.
func TestRejects(t *testing.T) {
	var a, b Rejects
	at := func(place string) func() string { return func() string { return place } }
	a.Add(`"x" is no number`, false, at("a:1"))
	a.Add(`"y" is no number`, false, at("a:2"))
	a.Add(`"y" is no number`, true, at("a:3"))
	b.Add("overflow", false, at("b:1"))
	b.Restore(a.Values())
	b.Add(`"z" is no number`, false, at("b:2"))
	want := []Reject{
		{"… is no number", 3, "a:1", `"x" is no number`, false, false},
		{"overflow", 1, "b:1", "overflow", false, false},
		{"… is no number", 1, "a:3", `"y" is no number`, true, false},
	}
	if got := AddRejects(nil, b.Values()); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// What stands for the rest of a damaged file is no kind of rows, and stays apart from
// them where there are too many kinds.
func TestRejectsOfDamage(t *testing.T) {
	var all Rejects
	all.AddFailed(FailedRecord{Raw: []byte("x"), Where: "a:1", Err: errors.New("cut short")}, false)
	all.AddFailed(FailedRecord{Where: "a:2", Err: errors.New("cut short")}, false)
	all.AddFailed(FailedRecord{Where: "b:7", Err: errors.New("cut short")}, false)
	want := []Reject{
		{Kind: "cut short", Rows: 1, Where: "a:1", Message: "cut short"},
		{Kind: "cut short", Rows: 2, Where: "a:2", Message: "cut short", Damage: true},
	}
	if got := all.Values(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	for i := range 2 * mostKinds {
		cause := fmt.Errorf("cause %c%c", 'a'+i%26, 'a'+i/26)
		all.AddFailed(FailedRecord{Raw: []byte("x"), Err: cause}, false)
		all.AddFailed(FailedRecord{Err: cause}, false)
	}
	rests := int64(0)
	for _, k := range all.Values() {
		if k.Damage {
			rests += k.Rows
		}
	}
	if rests != 2+2*mostKinds {
		t.Errorf("%d inputs are damaged, want %d", rests, 2+2*mostKinds)
	}
}

// However many kinds there are, all rows are counted.
func TestManyKindsOfRejects(t *testing.T) {
	var all Rejects
	for i := range 100 {
		all.Add(fmt.Sprintf("cause %c%c", 'a'+i%26, 'a'+i/26), false, func() string { return "" })
	}
	kinds, rows := all.Values(), int64(0)
	for _, k := range kinds {
		rows += k.Rows
	}
	if len(kinds) > mostKinds+1 || rows != 100 {
		t.Errorf("%d kinds of %d rows", len(kinds), rows)
	}
}
