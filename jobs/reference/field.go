package reference

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/runtime/component"
)

// valueOf says what the value of a key looks like.
func valueOf(f *component.Field) string {
	switch {
	case f.Kind == component.Enum && len(f.Options) == 1:
		return f.Options[0]
	case f.Kind == component.Enum:
		last := len(f.Options) - 1
		return strings.Join(f.Options[:last], ", ") + " or " + f.Options[last]
	case f.Options != nil:
		return f.Kind.String() + " or " + strings.Join(f.Options, " or ")
	case f.Kind == component.Int:
		return f.Kind.String() + f.Bounds()
	case f.Spec != nil:
		return fmt.Sprintf("%v; see %s", f.Kind, f.Spec.Name)
	}
	return f.Kind.String()
}

// presence says whether a key must be there and what is so without it, or "".
func presence(f *component.Field) string {
	switch {
	case f.Required:
		return "required"
	case f.Default != "":
		return "default " + f.Default
	}
	return ""
}

// besides says what must and must not stand beside a key, or "".
func besides(f *component.Field) string {
	var parts []string
	if len(f.Needs) > 0 {
		parts = append(parts, "Needs "+keyList(f.Needs)+" beside it.")
	}
	if len(f.Excludes) > 0 {
		parts = append(parts, "Does not go with "+keyList(f.Excludes)+".")
	}
	return strings.Join(parts, " ")
}

func keyList(besides []component.Beside) string {
	keys := make([]string, len(besides))
	for i, b := range besides {
		keys[i] = b.Key
	}
	return strings.Join(keys, " and ")
}

// description is what there is to say of a key in a sentence or two.
func description(f *component.Field) string {
	return strings.TrimSpace(f.Summary + " " + besides(f))
}
