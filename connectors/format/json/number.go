package json

import (
	"bytes"
	"strconv"
	"unsafe"
)

// plainInt reads the usual way to write a whole number: at most 18 digits, with
// nothing behind them that goes on with the number.
func plainInt(buf []byte, at int) (v int64, end int, ok bool) {
	first := at
	if buf[at] == '-' {
		first++
	}
	end = first
	for ; isDigit(buf[end]); end++ {
		v = v*10 + int64(buf[end]-'0')
	}
	n := end - first
	if n == 0 || n > 18 || n > 1 && buf[first] == '0' || buf[end] == '.' || buf[end]|0x20 == 'e' {
		return 0, 0, false
	}
	if first > at {
		v = -v
	}
	return v, end, true
}

// tens are powers of ten, which a float64 holds exactly up to 1e22.
var tens = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

// parseFloat returns the float64 next to a number that [jsontext.Number] accepts; false
// is that there is none.
//
// Where digits and power of ten are both exact as float64, one operation rounds
// correctly (W. D. Clinger, How to Read Floating Point Numbers Accurately, 1990).
func parseFloat(text []byte) (float64, bool) {
	digits, negative := bytes.CutPrefix(text, []byte{'-'})
	var v, places uint64
	for i, c := range digits {
		if c == '.' {
			places = uint64(len(digits) - i - 1)
			continue
		}
		if !isDigit(c) || i > 18 {
			return parseAnyFloat(text)
		}
		v = v*10 + uint64(c-'0')
	}
	if v > 1<<53 {
		return parseAnyFloat(text)
	}
	f := float64(v) / tens[places]
	if negative {
		f = -f
	}
	return f, true
}

func parseAnyFloat(text []byte) (float64, bool) {
	// ParseFloat keeps no reference to its text, not even in errors.
	v, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(text), len(text)), 64)
	return v, err == nil
}

func isDigit(c byte) bool { return c-'0' <= 9 }
