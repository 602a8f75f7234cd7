package jobtest

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
)

// zippers are used again, because each takes nearly a megabyte.
var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// file returns a split as text, some with malformed lines, some compressed, and of
// those some damaged behind their rows.
func (in *input) file(i int, rows []row) (name string, content []byte) {
	name = fmt.Sprintf("in/part-%d.%s", i, in.format())
	zipped := in.random.IntN(3) == 0
	if zipped {
		name += ".gz"
	}
	var b bytes.Buffer
	line := 1
	if !in.json {
		b.WriteString("value,ignored,at,key,id,price,day,tag\n")
		line++
	}
	for _, r := range rows {
		if in.random.IntN(40) == 0 {
			in.spoil(&b, fmt.Sprintf("%s:%d", name, line))
			line++
		}
		b.WriteString(in.line(r))
		line++
	}
	if !zipped {
		return name, b.Bytes()
	}
	var z bytes.Buffer
	w := zippers.Get().(*gzip.Writer)
	defer zippers.Put(w)
	w.Reset(&z)
	w.Write(b.Bytes())
	w.Close()
	if in.random.IntN(4) == 0 {
		z.WriteString("no gzip data")
		in.dead = append(in.dead, fmt.Sprintf("%s:%d||", name, line)) // for the rest
	}
	return name, z.Bytes()
}

// spoil writes a malformed line, which is a dead letter from a position.
func (in *input) spoil(b *bytes.Buffer, position string) {
	line := in.malformed()
	b.WriteString(line + "\n")
	in.dead = append(in.dead, position+"|"+base64.StdEncoding.EncodeToString([]byte(line))+"|")
}

// malformed draws a line that is no record, or has a cell that is none of its
// type. Where no step needs that one it lacks the event time all the same, but as
// a dead letter it would then be the columns that are needed.
func (in *input) malformed() string {
	if !in.json || in.letters || in.random.IntN(2) == 0 {
		return `{"value":nine,"ignored":[x,y`
	}
	wrong := []string{`"at":"soon"`, `"day":"2013-02-30"`, `"price":0.00001`, `"id":2147483648`, `"tag":"~"`}[in.random.IntN(5)]
	if in.nested {
		wrong = `"who":{` + wrong + `}`
	}
	return "{" + wrong + "}"
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
