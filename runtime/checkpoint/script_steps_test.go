package checkpoint

import (
	"context"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/stream"
)

// parseSteps reads "src:source*2=definition map:stateful=definition out:sink". Rows of
// every source come to every step.
func parseSteps(text string) (steps []StepInfo) {
	var sources []string
	for field := range strings.FieldsSeq(text) {
		field, definition, _ := strings.Cut(field, "=")
		field, parallelism, _ := strings.Cut(field, "*")
		id, kind, _ := strings.Cut(field, ":")
		n, err := strconv.Atoi(parallelism)
		if err != nil {
			n = 1
		}
		steps = append(steps, StepInfo{
			ID: id, Definition: parseDefinition(definition), Parallelism: n,
			Source: kind == "source", Sink: kind == "sink" || kind == "witness" || kind == "keeper", Stateful: kind == "stateful",
		})
		if kind == "source" {
			sources = append(sources, id)
		}
	}
	for i := range steps {
		steps[i].Sources = sources
	}
	return steps
}

// parseDefinition reads clauses such as "tumble=1h;part:avg(x)|sum,count@mean;rows:where-a/src":
// what a clause bears on, its text in lines, the parts that it uses, its label.
func parseDefinition(text string) (d stream.Definition) {
	for clause := range strings.SplitSeq(text, ";") {
		bears, text, found := strings.Cut(clause, ":")
		if !found {
			bears, text = "", clause
		}
		text, label, _ := strings.Cut(text, "@")
		text, uses, used := strings.Cut(text, "|")
		c := stream.Clause{Text: strings.ReplaceAll(text, "/", "\n"), Bears: stream.Bearing(bears), Label: label, Begins: "NULL at first"}
		if used {
			c.Uses = strings.Split(uses, ",")
		}
		if clause != "" {
			d = append(d, c)
		}
	}
	return d
}

// preview says what a start would resume from.
func (s *script) preview() {
	options := s.options
	options.Job, options.Steps = "delays", parseSteps(s.steps)
	switch id, changed, err := Preview(context.Background(), s.objects, options); {
	case err != nil:
		s.printf("preview: %v", err)
	case changed == nil:
		s.printf("preview: checkpoint %d", id)
	default:
		s.printf("preview: checkpoint %d\n  %s", id, strings.Join(changed.Outcome(), "\n  "))
	}
}
