package graph

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// An operator hears what each of its inputs is. One that several edges share has the key
// of none of them.
func TestInputsOf(t *testing.T) {
	schema := record.MustSchema(record.Field{Name: "k", Type: record.Int64}, record.Field{Name: "l", Type: record.Int64})
	step := func(id string, c *stream.Changelog) *Step {
		return &Step{ID: id, Changelog: c, Outputs: []Output{{stream.Main, schema}, {stream.DeadLetter, stream.DeadLetterSchema}}}
	}
	byK, byL := &stream.Changelog{Key: []string{"k"}, UpdateBefore: true}, &stream.Changelog{Key: []string{"l"}}
	g := &Graph{Steps: []*Step{step("k", byK), step("l", byL), step("rows", nil)}}
	all := &stream.Changelog{UpdateBefore: true}
	for _, c := range []struct {
		name   string
		inputs []Input
		want   []*stream.Changelog
	}{
		{"one", []Input{{Step: "k"}}, []*stream.Changelog{byK}},
		{"its dead letters", []Input{{Step: "k", Output: stream.DeadLetter}}, []*stream.Changelog{nil}},
		{"two", []Input{{Step: "l", ID: 1}, {Step: "k"}}, []*stream.Changelog{byK, byL}},
		{"a union", []Input{{Step: "k"}, {Step: "k"}}, []*stream.Changelog{all}},
		{"of rows that stay, too", []Input{{Step: "rows"}, {Step: "k"}}, []*stream.Changelog{all}},
		{"the other way round", []Input{{Step: "k"}, {Step: "rows"}}, []*stream.Changelog{all}},
		{"of such rows alone", []Input{{Step: "rows"}, {Step: "rows"}}, []*stream.Changelog{nil}},
		{"beside another input", []Input{{Step: "k"}, {Step: "rows"}, {Step: "l", ID: 1}}, []*stream.Changelog{all, byL}},
	} {
		inputs := g.InputsOf(&Step{Inputs: c.inputs})
		var got []*stream.Changelog
		for _, in := range inputs {
			got = append(got, in.Changelog)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %s, want %s", c.name, drawAll(got), drawAll(c.want))
		}
	}
}

func drawAll(all []*stream.Changelog) (text string) {
	for _, c := range all {
		text += fmt.Sprintf("%+v ", c)
	}
	return text
}
