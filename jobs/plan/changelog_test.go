package plan

import (
	"testing"

	"github.com/weirstream/weir/runtime/stream"
)

var (
	plain  *stream.Changelog
	upsert = &stream.Changelog{Key: []string{"k", "l"}}
	full   = &stream.Changelog{Key: []string{"k", "l"}, UpdateBefore: true}
	bare   = &stream.Changelog{} // inserts and deletes of whole rows
)

// TestChangelogs draws projections of changelogs: what theirs are, or why not.
func TestChangelogs(t *testing.T) {
	const replace = "part of the key by which rows of the changelog replace one another"
	for _, c := range []struct {
		name         string
		of           *stream.Changelog
		where, items string
		onError      stream.OnError
		want         string // the changelog, or the problems
	}{
		{"rows that stay", plain, "n > 0", "upper(k) AS k", stream.Drop, "rows stay"},
		{"all columns are passed on", upsert, "", "", 0, "by k, l"},
		{"the key is passed on", upsert, "", "n + 1 AS m, l, k", 0, "by k, l"},
		{"a key is renamed", upsert, "", "l AS k, k AS key", 0, "by key, k"},
		{"a key stands there twice", upsert, "", "k AS a, l, k", 0, "by a, l"},
		{"a key is dropped", upsert, "", "k, n", 0, `select 0: drops "l", ` + replace},
		{"a function has the name of the key", upsert, "", "l, upper(k) AS k", 0,
			`item 1: "k" is ` + replace + `, and upper(k) need not tell the same rows apart; select k as it is, too`},
		{"another column has the name of the key", upsert, "", "k, n AS l", 0,
			`item 1: "l" is ` + replace + `, and n need not tell the same rows apart; select l as it is, too`},
		{"the function stands beside the key", upsert, "", "l, k AS was, upper(k) AS k", 0, "by was, l"},
		{"a lost key, with what is replaced", full, "", "upper(k) AS k, n", 0, "by all columns, with what is replaced"},
		{"a kept key, with what is replaced", full, "", "k, l", 0, "by k, l, with what is replaced"},
		{"a filter by the key", upsert, "k > 'a' AND l % 2 = 0", "", 0, "by k, l"},
		{"a filter beyond the key", upsert, "k > 'a' AND n > 0", "", 0, `where 0: reads "n", which is not part of the key (k, l) by ` +
			`which rows of the changelog replace one another: where an update does not pass any more, the row before it would stay; ` +
			`filter by the key alone`},
		{"a filter beyond the key, with what is replaced", full, "n > 0", "", stream.Drop, "by k, l, with what is replaced"},
		{"a filter of inserts and deletes", bare, "n > 0", "", 0, "by all columns"},
		{"failures by the key", upsert, "", "k, l, 1 / l AS x", stream.Drop, "by k, l"},
		{"failures beyond the key", upsert, "", "k, l, 1 / n AS x", stream.Drop, `on_error 0: 1 / n may fail for an update, by "n": ` +
			`the row of the changelog that it replaces would stay; write fail, and compute what cannot fail`},
		{"failures that end the job", upsert, "", "k, l, 1 / n AS x", stream.Fail, "by k, l"},
	} {
		d := &drawn{T: t}
		d.source("s", c.of)
		p := d.project(d.named("p", "s"), c.where, c.items)
		p.OnError = c.onError
		got := drawProblems(p)
		if got == "" {
			got = drawChangelog(Ref{p, stream.Main}.Changelog())
		}
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestUnionsOfChangelogs draws what several inputs are together.
func TestUnionsOfChangelogs(t *testing.T) {
	const refused = " is a changelog whose rows replace one another by k, l, and rows of several inputs have no such key; " +
		"read it in a step of its own"
	for _, c := range []struct {
		name string
		of   [3]*stream.Changelog
		want string
	}{
		{"rows that stay", [3]*stream.Changelog{}, "rows stay"},
		{"with what is replaced", [3]*stream.Changelog{full, plain, full}, "by all columns, with what is replaced"},
		{"the first by its key", [3]*stream.Changelog{upsert, plain, plain}, "union 0: a" + refused},
		{"two by their keys", [3]*stream.Changelog{plain, upsert, upsert}, "union 1: b" + refused + "\nunion 2: c" + refused},
		{"one by its key", [3]*stream.Changelog{full, full, upsert}, "union 2: c" + refused},
	} {
		d := &drawn{T: t}
		for i, step := range []string{"a", "b", "c"} {
			d.source(step, c.of[i])
		}
		p := d.project(d.named("p", "a", "b", "c"), "", "")
		got := drawProblems(p)
		if got == "" {
			got = drawChangelog(Ref{p, stream.Main}.Changelog())
		}
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// A part of a key need not tell two rows apart.
func TestPartOfAKey(t *testing.T) {
	d := &drawn{T: t}
	d.source("s", &stream.Changelog{Key: []string{"l", "k"}, UpdateBefore: true})
	for items, want := range map[string]string{
		"n, k":              "by all columns, with what is replaced",
		"l, n":              "by all columns, with what is replaced",
		"k, l":              "by l, k, with what is replaced",
		"k AS l, l AS k":    "by k, l, with what is replaced",
		"l, upper(k) AS k":  "by all columns, with what is replaced",
		"l AS a, l, k AS n": "by a, n, with what is replaced",
	} {
		p := d.project(d.named("p "+items, "s"), "", items)
		if got := drawChangelog(Ref{p, stream.Main}.Changelog()); got != want {
			t.Errorf("%s: %s, want %s", items, got, want)
		}
	}
}

// TestWhoTakesNoChangelog draws the nodes that take rows that stay only.
func TestWhoTakesNoChangelog(t *testing.T) {
	d := &drawn{T: t}
	d.source("s", full)
	u := &Unnest{Base: d.named("u", "s"), Element: "tag"}
	u.List = d.expression(&u.Base, "tags")
	k := &Sink{Base: d.named("out", "s"), Connector: Connector{Name: "print"}}
	for n, want := range map[Node]string{
		u: "unnest 0: reads a changelog, whose rows are later replaced and retracted; unnest takes rows that stay",
		d.sums(d.named("w", "s"), hour, "n", "k"): "aggregate 0: reads a changelog, whose rows are later replaced and retracted; " +
			"windows take rows that stay",
		k: " 0: s is a changelog, whose rows replace and retract one another, and print only appends; " +
			"read an output whose rows are final",
		&Sink{Base: k.Base, TakesChangelogs: true}: "",
	} {
		if got := drawProblems(n); got != want {
			t.Errorf("%s: %s, want %s", n.Kind().Name, got, want)
		}
	}
}

// TestAggregateWithoutWindows holds what stands behind one: its result changes.
func TestAggregateWithoutWindows(t *testing.T) {
	d := &drawn{T: t}
	d.source("s", plain)
	a := d.sums(d.named("a", "s"), nil, "n * 2", "l", "k")
	if got := drawChangelog(Ref{a, stream.Main}.Changelog()); got != "by l, k, with what is replaced" {
		t.Error(got)
	}
	if got := a.Schema(stream.Main).String(); got != "l int64, k string, n int64" {
		t.Error(got)
	}
	if a.Schema(stream.Late) != nil || !a.Timed(stream.Main) {
		t.Error("it has late rows, or no event time")
	}
}
