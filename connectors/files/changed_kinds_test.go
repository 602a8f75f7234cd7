package files

import "strings"

// What happens to a file.
const (
	grown       = "it has grown"
	shrunk      = "it has shrunk"
	otherRows   = "it has other rows"
	gone        = "it is gone"
	otherName   = "it has another name"
	isFolder    = "it is a folder"
	company     = "a new file comes before it"
	follower    = "a new file comes behind it"
	otherColumn = "a column has another name"
	noLineEnd   = "the line end before the position is none any more"
	noMagic     = "what it begins with says no more how it is compressed"
	flipped     = "a bit of what is compressed is flipped"
	asItWas     = "nothing has changed"
)

var kinds = []string{grown, shrunk, otherRows, gone, otherName, isFolder, company, follower, otherColumn, noLineEnd, noMagic, flipped}

func (f *sourceFolder) change(t *table) {
	random := f.c.Random
	switch f.happened = kinds[random.IntN(len(kinds))]; f.happened {
	case grown:
		t.append(9000, 1+random.IntN(3))
	case shrunk:
		t.ids = t.ids[:random.IntN(len(t.ids))]
	case otherRows:
		rows := len(t.ids)
		t.ids = nil
		t.append(9000, rows)
	case gone:
		f.put(t, "")
		return
	case otherName:
		bytes := t.bytes
		f.put(t, "")
		f.add(t, "x", bytes)
		return
	case isFolder:
		f.put(t, "")
		if err := f.env.Files.MkdirAll(t.path()); err != nil {
			f.c.Fatal(err)
		}
		return
	case company, follower:
		f.add(t, map[string]string{company: "", follower: "x"}[f.happened], "")
		return
	case otherColumn:
		t.header = strings.Replace(t.header, "text", "next", 1)
	case noLineEnd:
		if _, at := f.split(t); f.state(t) == begun && t.compression() == "none" && at.Offset < at.Size {
			f.put(t, t.bytes[:at.Offset-1]+" "+t.bytes[at.Offset:])
			return
		}
		f.happened = asItWas
	case noMagic, flipped:
		if t.compression() != "none" {
			at := 0
			if f.happened == flipped {
				at = random.IntN(len(t.bytes))
			}
			f.put(t, t.bytes[:at]+string(t.bytes[at]^1<<random.IntN(8))+t.bytes[at+1:])
			return
		}
		f.happened = asItWas
	}
	f.store(t)
}
