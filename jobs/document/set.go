package document

import (
	"strings"

	"github.com/weirstream/weir/runtime/component"
)

// set applies one --set option, "a.b.c=value": maps are entered by key, lists
// by the id of an item; keys on the way are made where they are missing.
func (d *Document) set(option string) {
	path, text, ok := cutSet(option)
	if !ok {
		d.problem(component.Position{File: "--set " + option}, `this is not of the form key.key=value`)
		return
	}
	from := &origin{name: "--set " + strings.Join(path, ".")}
	value := d.setValue(from, text)
	if value == nil {
		return
	}
	target := &d.Root
	for i, key := range path {
		if target = d.enter(*target, from, path[:i], key); target == nil {
			return
		}
	}
	*target = value
}

// enter returns the slot of a key below n, making it where it is missing. seen
// is the path of n.
func (d *Document) enter(n *Node, from *origin, seen []string, key string) **Node {
	switch n.Kind {
	case List:
		return d.enterList(n, from, seen, key)
	case Scalar:
		d.problem(from.at(0, 0), "%s is the single value %q and has no key %q; set it as a whole", strings.Join(seen, "."), n.Text, key)
		return nil
	}
	n.Kind = Map
	if e := n.entry(key); e != nil {
		return &e.Value
	}
	n.Entries = append(n.Entries, Entry{Key: key, At: from.at(0, 0), Value: &Node{origin: from}})
	return &n.Entries[len(n.Entries)-1].Value
}

func (d *Document) enterList(n *Node, from *origin, seen []string, id string) **Node {
	var ids []string
	for i, item := range n.Items {
		itemID := item.Get("id")
		if itemID == nil || itemID.Kind != Scalar {
			continue
		}
		if itemID.Text == id {
			return &n.Items[i]
		}
		ids = append(ids, itemID.Text)
	}
	if len(ids) == 0 {
		d.problem(from.at(0, 0), "%s is a list without ids; set it as a whole, as in --set '%s=[a, b]'", strings.Join(seen, "."),
			strings.Join(seen, "."))
		return nil
	}
	d.problem(from.at(0, 0), "nothing in %s has the id %q%s", strings.Join(seen, "."), id, component.Known(id, ids))
	return nil
}

// setValue reads the value of an option: a flow map, a flow list, a quoted text
// or, as it stands, any other text. So "-" and "a: b" need no quotes.
func (d *Document) setValue(from *origin, text string) *Node {
	switch {
	case text == "" || text == "null" || text == "~":
		return &Node{origin: from}
	case strings.ContainsRune(`{["'`, rune(text[0])):
		return d.parse(from, []byte(text))
	}
	return &Node{Kind: Scalar, Text: text, origin: from, style: unknown}
}

// cutSet splits "a.b.c=value". A key that holds a dot or an equals sign stands
// in double quotes.
func cutSet(option string) (path []string, value string, ok bool) {
	for {
		var key string
		if rest, quoted := strings.CutPrefix(option, `"`); quoted {
			if key, option, quoted = strings.Cut(rest, `"`); !quoted {
				return nil, "", false
			}
		} else {
			end := strings.IndexAny(option, ".=")
			if end < 0 {
				return nil, "", false
			}
			key, option = option[:end], option[end:]
		}
		if key == "" || option == "" {
			return nil, "", false
		}
		path = append(path, key)
		switch option[0] {
		case '=':
			return path, option[1:], true
		case '.':
			option = option[1:]
		default:
			return nil, "", false
		}
	}
}
