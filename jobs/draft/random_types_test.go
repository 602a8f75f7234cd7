package draft_test

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/record"
)

// checkTypes looks at the types of the draft: whatever is broken, or stands deep in a
// value, a column that is all of one kind has a type of that kind.
func (f *awkward) checkTypes() {
	parsed, problems := document.Parse("job.yaml", []byte(f.draft.Text), document.Options{})
	if problems != nil {
		f.c.Fatal(problems)
	}
	job, problems := compile.Compile(parsed, builtin.Registry())
	if problems != nil {
		f.c.Fatal(problems)
	}
	schema := job.Graph.Steps[0].Source.Source.Schema()
	for j, name := range f.names {
		i := schema.Index(f.column(name))
		if name == "" || i < 0 {
			continue
		}
		var values []json.RawMessage
		text := record.String
		for _, row := range f.records {
			if schema.Field(i).Type == text {
				values = append(values, row[j])
			} else {
				values = append(values, f.meant(row[j]))
			}
		}
		if typ := schema.Field(i).Type; !f.isNarrow(typ, values) {
			f.c.Errorf("the column %q is %v, which is too wide for %s", name, typ, values)
		}
	}
}

// isNarrow reports that a type says what all values are, if they are of one kind.
func (f *awkward) isNarrow(typ record.Type, values []json.RawMessage) bool {
	kinds := map[string]bool{}
	for _, v := range values {
		if kind := f.kindOf(v); kind != "" {
			kinds[kind] = true
		}
	}
	all := func(of ...string) bool {
		for kind := range kinds {
			if !slices.Contains(of, kind) {
				return false
			}
		}
		return len(kinds) > 0
	}
	isWhole := typ == record.Int64 || typ == record.Bool || typ == record.Timestamp
	switch {
	case all("list"):
		return typ.Kind == record.KindList
	case all("object"):
		return typ.Kind == record.KindStruct
	case all("int32", "int64"):
		return isWhole
	case all("int32", "float"):
		return isWhole || typ == record.Float64 || typ.Kind == record.KindDecimal
	}
	return true
}

// kindOf says what a value is, as narrowly as types have to know it: "" is none, and
// no number is one that somebody may take for a code or that a float has no room for.
func (f *awkward) kindOf(value json.RawMessage) string {
	text := string(value)
	switch {
	case text == "" || text == "null":
		return ""
	case text[0] == '[':
		return "list"
	case text[0] == '{':
		if !hasNamedKey(value) {
			return "other"
		}
		return "object"
	case text[0] == '"' && f.isJSON():
		return "other"
	}
	if text[0] == '"' && json.Unmarshal(value, &text) != nil || !isNumber.MatchString(text) {
		return "other"
	}
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		if v == int64(int32(v)) {
			return "int32"
		}
		return "int64"
	}
	if v, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(v, 0) && strings.ContainsAny(text, ".eE") {
		return "float"
	}
	return "other"
}

func (f *awkward) isJSON() bool { return strings.HasSuffix(f.path, "l") }

// hasNamedKey reports that an object has a key that a struct can have.
func hasNamedKey(value json.RawMessage) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(value, &members) != nil {
		return false
	}
	delete(members, "")
	return len(members) > 0
}
