package draft_test

import (
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// isNumber tells cells that JSON may have without quotes.
var isNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

func (f *awkward) drawJSON(rows int) {
	random := f.c.Random
	f.path += ".jsonl"
	f.records = make([][]json.RawMessage, rows)
	for j := range f.names {
		for i, value := range jsonColumn(random, rows, 0, kindsOf(random, j)) {
			f.records[i] = append(f.records[i], value)
		}
	}
	var b strings.Builder
	spoils := random.IntN(3) == 0
	for i, record := range f.records {
		var members []string
		for j, value := range record {
			if value != nil {
				members = append(members, string(jsonText(f.names[j]))+": "+string(value))
			}
		}
		if members == nil {
			f.records[i][0] = json.RawMessage(`"not nothing"`)
			members = []string{string(jsonText(f.names[0])) + `: "not nothing"`}
		}
		b.WriteString("{" + strings.Join(members, ",") + "}\n")
		if spoils && random.IntN(10) == 0 {
			b.WriteString("{" + strings.Join(spoiled(random, members), ",") + "}\n")
			f.broken++
		}
		switch random.IntN(40) {
		case 0:
			b.WriteString("{\"no\": record\n")
			f.broken++
		case 1:
			b.WriteString("  \r\n")
		}
	}
	f.text = b.String()
}

// spoiled returns members of which an object cannot be made: one of their keys comes
// twice, or a text has half of a character.
func spoiled(random *rand.Rand, members []string) []string {
	members = slices.Clone(members)
	i := random.IntN(len(members))
	key, _, _ := strings.Cut(members[i], `": `)
	if random.IntN(2) == 0 {
		return append(members, key+`": 3`)
	}
	members[i] = key + `": "\ud800"`
	return members
}

// jsonColumn draws the values at one place of objects; nil is a key that is missing.
func jsonColumn(random *rand.Rand, rows, depth int, kinds []cellKind) []json.RawMessage {
	values := make([]json.RawMessage, rows)
	switch kind := random.IntN(6); {
	case kind == 0 && depth < 3:
		names := []string{"a", "b c", "null", "${X}", "d.e", ""}[:1+random.IntN(6)]
		inner := make([][]json.RawMessage, len(names))
		for j := range names {
			inner[j] = jsonColumn(random, rows, depth+1, allKinds)
		}
		for i := range values {
			var members []string
			for j, name := range names {
				if v := inner[j][i]; v != nil {
					members = append(members, string(jsonText(name))+":"+string(v))
				}
			}
			values[i] = json.RawMessage("{" + strings.Join(members, ", ") + "}")
		}
	case kind == 1 && depth < 3:
		elements := jsonColumn(random, 3*rows, depth+1, allKinds)
		for i := range values {
			var list []string
			for _, v := range elements[3*i:][:random.IntN(4)] {
				if v == nil {
					v = json.RawMessage("null")
				}
				list = append(list, string(v))
			}
			values[i] = json.RawMessage("[" + strings.Join(list, ",") + "]")
		}
	default:
		inQuotes := random.IntN(3) == 0
		for i, cell := range column(random, rows, kinds) {
			switch {
			case cell == "\x00" && random.IntN(2) == 0:
			case cell == "\x00":
				values[i] = json.RawMessage("null")
			case cell == "true", cell == "false", isNumber.MatchString(cell) && !inQuotes:
				values[i] = json.RawMessage(cell)
			default:
				values[i] = jsonText(cell)
			}
		}
	}
	if random.IntN(8) == 0 { // something of another kind
		values[random.IntN(rows)] = [][]byte{[]byte("null"), []byte(`"text"`), []byte("[]"), []byte("{}"), []byte("7"), nil}[random.IntN(6)]
	}
	return values
}
