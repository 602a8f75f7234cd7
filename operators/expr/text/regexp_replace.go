package text

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/weirstream/weir/operators/expr/kernel"
)

// regexpReplace replaces all matches. In the replacement \1 is what group 1
// matched, \0 the whole match and \\ a backslash.
func regexpReplace(s *patternSource) kernel.RowLoop {
	replacements := kernel.Cache[*replacement]{Compile: compileReplacement}
	return func(c *kernel.RowCall, rows []int32) {
		for _, row := range rows {
			re, err := s.of(&c.Args[1], row)
			if err != nil {
				c.Fail(row, err)
				continue
			}
			by, err := replacements.Get(c.Args[2].Text(row))
			if err == nil {
				err = checkGroup(re, int64(by.group))
			}
			if err == nil {
				c.Text, err = by.appendTo(c.Text, re, c.Args[0].Text(row))
			}
			if err != nil {
				c.Fail(row, err)
				continue
			}
			c.Put(row)
		}
	}
}

// checkReplacement checks a constant replacement against a constant pattern.
func checkReplacement(p *kernel.Preparation, re *regexp.Regexp) bool {
	text, ok := p.Text(2)
	if !ok {
		return true
	}
	by, err := compileReplacement(text)
	if err == nil {
		err = checkGroup(re, int64(by.group))
	}
	if err != nil {
		p.Wrong(2, "%v", err)
	}
	return err == nil
}

// replacement is what stands in place of a match.
type replacement struct {
	template []byte // as [regexp.Regexp.Expand] reads it
	literal  int    // bytes of it that are not groups
	groups   int    // how often it mentions a group
	group    int    // the greatest group mentioned
}

func compileReplacement(text string) (*replacement, error) {
	r := &replacement{}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '$':
			r.template, r.literal = append(r.template, "$$"...), r.literal+1
			continue
		case c != '\\':
			r.template, r.literal = append(r.template, c), r.literal+1
			continue
		}
		i++
		switch {
		case i < len(text) && text[i] == '\\':
			r.template, r.literal = append(r.template, '\\'), r.literal+1
		case i < len(text) && text[i]-'0' <= 9:
			r.template = append(r.template, "${"+text[i:i+1]+"}"...)
			group, _ := strconv.Atoi(text[i : i+1])
			r.groups, r.group = r.groups+1, max(r.group, group)
		default:
			return nil, fmt.Errorf(`in a replacement a backslash stands before a digit, the number of a group, `+
				`or before another backslash; found %s`, quoteAsIs(text))
		}
	}
	return r, nil
}

// appendTo appends text with its matches replaced.
func (r *replacement) appendTo(to []byte, re *regexp.Regexp, text []byte) ([]byte, error) {
	if most := mostGrown(len(text)); r.bound(len(text), len(text)+1, 0) > most {
		matches, matched := 0, 0
		re.ReplaceAllFunc(text, func(match []byte) []byte {
			matches, matched = matches+1, matched+len(match)
			return nil
		})
		if r.bound(matched, matches, len(text)-matched) > most {
			return to, errGrown
		}
	}
	return append(to, re.ReplaceAll(text, r.template)...), nil
}

// bound returns how long a result is at most in which so many matches, of so many
// bytes together, are replaced and other bytes are left.
func (r *replacement) bound(matched, matches, left int) int {
	return left + matches*r.literal + r.groups*matched
}
