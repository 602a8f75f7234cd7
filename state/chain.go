package state

// link is the neighbours of a row in the ring of its cluster, of a table without an
// order.
type link struct {
	next RowID
	prev RowID // with flagBit if the row is a head
}

// chain puts row r, which is in no ring, behind another row.
func (o *ordering) chain(r, behind RowID) {
	before := o.links.at(uint32(behind))
	next := before.next
	*o.links.at(uint32(r)) = link{next, behind}
	before.next = r
	o.setPrev(next, r)
}

// unchain takes row r out of its ring, of which it is not the only row.
func (o *ordering) unchain(r RowID) {
	l := *o.links.at(uint32(r))
	o.links.at(uint32(l.prev &^ flagBit)).next = l.next
	o.setPrev(l.next, l.prev&^flagBit)
	if l.prev&flagBit != 0 {
		o.heads.replace(o.short(r), r, l.next)
		o.links.at(uint32(l.next)).prev |= flagBit
	}
}

func (o *ordering) setPrev(r, prev RowID) {
	l := o.links.at(uint32(r))
	l.prev = l.prev&flagBit | prev
}

// appendChain appends the rows of the ring of a row.
func (o *ordering) appendChain(rows []RowID, first RowID) []RowID {
	for r := first; ; {
		rows = append(rows, r)
		if r = o.links.at(uint32(r)).next; r == first {
			return rows
		}
	}
}
