package jobtest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"sync"
)

// zippers are used again, because each takes nearly a megabyte.
var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// file returns a split as text, some with malformed lines, some compressed.
func (in *input) file(i int, rows []row) (name string, content []byte) {
	var b bytes.Buffer
	if !in.json {
		b.WriteString("value,ignored,at,key,id,price,day,tag\n")
	}
	for _, r := range rows {
		if in.random.IntN(40) == 0 {
			b.WriteString(in.malformed())
			in.bad++
		}
		b.WriteString(in.line(r))
	}
	name = fmt.Sprintf("in/part-%d.%s", i, in.format())
	if in.random.IntN(3) > 0 {
		return name, b.Bytes()
	}
	var z bytes.Buffer
	w := zippers.Get().(*gzip.Writer)
	defer zippers.Put(w)
	w.Reset(&z)
	w.Write(b.Bytes())
	w.Close()
	return name + ".gz", z.Bytes()
}

// malformed draws a line that is no record, or has a cell that is none of its type.
func (in *input) malformed() string {
	if !in.json || in.random.IntN(2) == 0 {
		return "{\"value\":nine,\"ignored\":[x,y\n"
	}
	wrong := []string{`"at":"soon"`, `"day":"2013-02-30"`, `"price":0.00001`, `"id":2147483648`, `"tag":"~"`}[in.random.IntN(5)]
	if in.nested {
		wrong = `"who":{` + wrong + `}`
	}
	return "{" + wrong + "}\n"
}

func (in *input) line(r row) string {
	if in.json {
		return in.jsonLine(r)
	}
	c := r.cells
	return fmt.Sprintf("%s,\"a \"\"quoted\"\", ignored cell\",%s,%s,%s,%s,%s,%s\n",
		in.spell(c[value]), c[at].text, c[key].text, c[id].text, in.spell(c[price]), c[day].text, c[tag].text)
}

// jsonLine writes a row as JSON. What is null is there or not.
func (in *input) jsonLine(r row) string {
	member := func(c column) string {
		v := r.cells[c]
		switch {
		case v.null() && in.random.IntN(2) == 0:
			return ""
		case v.units != nil && !v.quoted:
			return fmt.Sprintf("%q:%s,", names[c], in.quote(in.spell(v)))
		}
		return fmt.Sprintf("%q:%s,", names[c], v.json())
	}
	var who strings.Builder
	for c := tag; c >= at; c-- {
		who.WriteString(member(c))
	}
	members := strings.TrimSuffix(who.String(), ",")
	if in.nested {
		members = `"who":{` + members + `}`
	}
	if !in.listed {
		members = member(value) + members
	}
	return `{"ignored":{"value":[1,"x"]},` + member(items) + members + "}\n"
}

// spell draws one of the ways to write a number.
func (in *input) spell(v cell) string {
	if v.scale > 0 && in.random.IntN(2) == 0 {
		return strings.TrimSuffix(strings.TrimRight(v.text, "0"), ".")
	}
	return v.text
}

// quote puts numbers in quotes now and then.
func (in *input) quote(number string) string {
	if in.random.IntN(8) == 0 {
		return `"` + number + `"`
	}
	return number
}
