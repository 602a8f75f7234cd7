package state

// expiredRows counts rows that have expired by a time.
type expiredRows struct {
	layout layout
	now    int64
	count  int
}

// expiredNow is of the rows of a table, by its clock.
func (c *cold) expiredNow() expiredRows {
	if c.expiry == nil {
		return expiredRows{}
	}
	return expiredRows{layout: layout{expires: true}, now: c.expiry.now}
}

// take reports whether a row has expired.
func (e *expiredRows) take(value []byte) bool {
	is := e.layout.expired(value, e.now)
	if is {
		e.count++
	}
	return is
}
