package syntax

import "testing"

func TestParseUnnest(t *testing.T) {
	for text, want := range map[string]string{
		"tags AS tag":                      "tags, tag, ",
		`geo.tags[1] as "the tag"`:         "geo.tags[1], the tag, ",
		"[i, j] AS x WITH ORDINALITY AS n": "[i, j], x, n",
		"tags": "at 4: the text ends where AS and the name of the new column, as in items AS item, " +
			"should follow",
		"tags AS tag, t":        "at 11: found , where an operator or the end should stand",
		"tags AS tag WITH AS n": "at 17: found AS where ORDINALITY should stand",
		"tags AS tag WITH ORDINALITY": "at 27: the text ends where AS and the name of the new column, as in items AS item, " +
			"should follow",
		"tags AS tag WITH ORDINALITY AS n AS m": "at 33: found AS where an operator or the end should stand",
	} {
		u, errs := ParseUnnest(text)
		got := errs.Error()
		if errs == nil {
			got = u.List.String() + ", " + u.Element + ", " + u.Position
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
