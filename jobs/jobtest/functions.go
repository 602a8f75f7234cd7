package jobtest

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

type cells = [width]cell

// derivation is a column computed by an expression, and by the model.
type derivation struct {
	column     column
	expression string
	of         func(c cells) cell
}

var derivations = []derivation{
	{key, "upper(key)", ofText(strings.ToUpper)},
	{key, "replace(key, 'ey', 'ité')", ofText(func(s string) string { return strings.ReplaceAll(s, "ey", "ité") })},
	{key, "substring(key, 5)", ofText(func(s string) string { return s[4:] })},
	{key, "split_index(key, ' ', 1)", ofText(func(s string) string { return strings.Split(s, " ")[1] })},
	{key, `regexp_extract(key, '[a-z]+ (\d)', 1)`, ofText(func(s string) string { return s[4:5] })},
	{key, "md5(key)", ofText(func(s string) string { sum := md5.Sum([]byte(s)); return hex.EncodeToString(sum[:]) })},
	{key, `json_value('[0,"' || key || '"]', '$[1]')`, ofText(func(s string) string { return s })},
	{key, "coalesce(key, 'none')", func(c cells) cell { return coalesce(c[key], text("none")) }},
	{key, "key || '/' || CAST(id AS string)", func(c cells) cell {
		if c[key].null() || c[id].null() {
			return cell{}
		}
		return text(c[key].text + "/" + c[id].text)
	}},
	{id, "abs(id)", func(c cells) cell { return c[id].apply(absolute) }},
	{id, "mod(id, 7)", func(c cells) cell {
		return c[id].apply(func(n *big.Int) *big.Int { return new(big.Int).Rem(n, big.NewInt(7)) })
	}},
	{id, "length(key)", func(c cells) cell {
		if c[key].null() {
			return cell{}
		}
		return integer(int64(utf8.RuneCountInString(c[key].text)))
	}},
	{id, "EXTRACT(DAY FROM day)", func(c cells) cell {
		if c[day].null() {
			return cell{}
		}
		n, _ := strconv.ParseInt(c[day].text[8:], 10, 64)
		return integer(n)
	}},
	{price, "-price", func(c cells) cell {
		return c[price].apply(func(n *big.Int) *big.Int { return new(big.Int).Neg(n) })
	}},
	{price, "price + 0.25", func(c cells) cell {
		return c[price].apply(func(n *big.Int) *big.Int { return new(big.Int).Add(n, big.NewInt(2500)) })
	}},
	{price, "round(price, 1)", func(c cells) cell {
		if c[price].null() {
			return cell{}
		}
		return number(divideRounding(c[price].units, big.NewInt(1000)), 1)
	}},
	{price, "floor(price)", func(c cells) cell {
		if c[price].null() {
			return cell{}
		}
		return number(new(big.Int).Div(c[price].units, big.NewInt(10000)), 0) // Euclid's: down, as 10000 > 0
	}},
	{price, "CAST(id AS decimal(12,2))", func(c cells) cell {
		if c[id].null() {
			return cell{}
		}
		return number(new(big.Int).Mul(c[id].units, big.NewInt(100)), 2)
	}},
	{day, "day + 1", func(c cells) cell {
		if c[day].null() {
			return cell{}
		}
		return date(c[day].units.Int64() + 1)
	}},
	{day, "CAST(at AS date)", func(c cells) cell { return dayIn("UTC", c) }},
	{day, "CAST(at AT TIME ZONE 'America/New_York' AS date)", func(c cells) cell { return dayIn("America/New_York", c) }},
	{day, "CAST(CAST(day AS string) AS date)", func(c cells) cell { return c[day] }},
	{tag, "tag || X'00'", func(c cells) cell {
		if c[tag].null() {
			return cell{}
		}
		return bytesOf(c[tag].binary + "\x00")
	}},
	{tag, "unhex(lower(hex(tag)))", func(c cells) cell { return c[tag] }},
	{value, "abs(value)", func(c cells) cell { return c[value].apply(absolute) }},
	{value, "greatest(value, -2)", func(c cells) cell {
		return c[value].apply(func(n *big.Int) *big.Int {
			if n.Cmp(units(c[value], -2)) < 0 {
				return units(c[value], -2)
			}
			return n
		})
	}},
	{value, "CASE WHEN value > 2 THEN value WHEN id > 3 THEN -value END", func(c cells) cell {
		switch {
		case over(c[value], 2):
			return c[value]
		case over(c[id], 3):
			return c[value].apply(func(n *big.Int) *big.Int { return new(big.Int).Neg(n) })
		}
		return cell{}
	}},
	{value, "nullif(value, 3)", func(c cells) cell {
		if !c[value].null() && c[value].units.Cmp(units(c[value], 3)) == 0 {
			return cell{}
		}
		return c[value]
	}},
}

// condition is what a row has to meet to stay, in SQL and in the model.
type condition struct {
	expression string
	holds      func(c cells) bool
}

var conditions = []condition{
	{"TRUE", func(cells) bool { return true }},
	{"key LIKE '%1'", func(c cells) bool { return strings.HasSuffix(c[key].text, "1") }},
	{"key NOT LIKE '%2' OR id IS NULL", func(c cells) bool {
		return !c[key].null() && !strings.HasSuffix(c[key].text, "2") || c[id].null()
	}},
	{"id BETWEEN -100 AND 5", func(c cells) bool { return !c[id].null() && !over(c[id], 5) && over(c[id], -101) }},
	{"NOT price > 0.5", func(c cells) bool {
		return !c[price].null() && new(big.Int).Lsh(c[price].units, 1).Cmp(c[price].one()) <= 0
	}},
	{"day >= DATE '2013-01-03' OR tag IS NOT NULL", func(c cells) bool {
		return c[day].text >= "2013-01-03" || !c[tag].null()
	}},
	{"at < TIMESTAMP '2013-01-01T00:01:30Z'", func(c cells) bool { return c[at].text < "2013-01-01T00:01:30Z" }},
	{"at + INTERVAL '1' MINUTE >= TIMESTAMP '2013-01-01 00:01:20'", func(c cells) bool {
		return c[at].text >= "2013-01-01T00:00:20Z"
	}},
	{"regexp_like(key, '[0-4]$')", func(c cells) bool {
		return !c[key].null() && strings.ContainsAny(c[key].text[len(c[key].text)-1:], "01234")
	}},
}

func ofText(f func(string) string) func(cells) cell {
	return func(c cells) cell { return c[key].mapText(f) }
}

func coalesce(c, d cell) cell {
	if c.null() {
		return d
	}
	return c
}

func absolute(n *big.Int) *big.Int { return new(big.Int).Abs(n) }

// units returns the units that n is in a number of the kind of c.
func units(c cell, n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), c.one()) }

// over reports c > n, which no null is.
func over(c cell, n int64) bool { return !c.null() && c.units.Cmp(units(c, n)) > 0 }

// dayIn returns the day that it is in a zone.
func dayIn(zone string, c cells) cell {
	location, err := time.LoadLocation(zone)
	t, wrong := time.Parse(time.RFC3339, c[at].text)
	if err != nil || wrong != nil {
		panic(fmt.Sprint(err, wrong))
	}
	year, month, day := t.In(location).Date()
	return date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// divideRounding returns a / b, for b > 0, rounded half away from zero.
func divideRounding(a, b *big.Int) *big.Int {
	twice := new(big.Int).Abs(a)
	twice.Lsh(twice, 1).Add(twice, b)
	twice.Quo(twice, new(big.Int).Lsh(b, 1))
	if a.Sign() < 0 {
		twice.Neg(twice)
	}
	return twice
}
