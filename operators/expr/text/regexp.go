package text

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
)

// Regular expressions are RE2's, as Go reads them: matching takes time linear in
// the text, whatever the pattern. A constant pattern is compiled when the job is
// checked.

// How large a pattern may be, in bytes and in the instructions it is compiled to:
// what it takes to match is their product with the length of the text.
const (
	mostPattern      = 8 << 10
	mostInstructions = 5000
)

func compileRegexp(pattern string) (*regexp.Regexp, error) {
	if len(pattern) > mostPattern {
		return nil, fmt.Errorf("a pattern of %d bytes is too long; it may have %d", len(pattern), mostPattern)
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, patternError(err)
	}
	if program, err := syntax.Compile(parsed.Simplify()); err == nil && len(program.Inst) > mostInstructions {
		return nil, fmt.Errorf("the pattern is too large: it takes %d instructions, of which it may have %d; "+
			"repetitions such as {1000} count each time",
			len(program.Inst), mostInstructions)
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, patternError(err)
	}
	return re, nil
}

func patternError(err error) error {
	if wrong := (*syntax.Error)(nil); errors.As(err, &wrong) {
		return fmt.Errorf("the pattern has an error at %s: %s", quoteAsIs(wrong.Expr), wrong.Code)
	}
	return fmt.Errorf("the pattern has an error: %w", err)
}

// quoteAsIs quotes a text for a message, with its backslashes as they stand in
// job files.
func quoteAsIs(text string) string {
	return strings.ReplaceAll(strconv.Quote(excerpt.Of(text)), `\\`, `\`)
}

// patternSource gives the pattern of each row: always the same one, or one of a
// cache.
type patternSource struct {
	constant *regexp.Regexp // or nil
	patterns kernel.Cache[*regexp.Regexp]
}

func (s *patternSource) of(pattern *kernel.RowArg, row int32) (*regexp.Regexp, error) {
	if s.constant != nil {
		return s.constant, nil
	}
	return s.patterns.Get(pattern.Text(row))
}

// withPattern prepares a loop over texts, argument 0, and patterns, argument 1.
// check, which may be nil, sees a constant pattern.
func withPattern(loop func(s *patternSource) kernel.RowLoop,
	check func(p *kernel.Preparation, re *regexp.Regexp) bool) func(*kernel.Preparation) kernel.Builder {
	return func(p *kernel.Preparation) kernel.Builder {
		var constant *regexp.Regexp
		if text, ok := p.Text(1); ok {
			var err error
			if constant, err = compileRegexp(text); err != nil {
				return p.Wrong(1, "%v", err)
			}
			if check != nil && !check(p, constant) {
				return nil
			}
		}
		return kernel.EachRowBy(func() kernel.RowLoop {
			return loop(&patternSource{constant, kernel.Cache[*regexp.Regexp]{Compile: compileRegexp}})
		})
	}
}

func regexpLike(s *patternSource) kernel.RowLoop {
	return func(c *kernel.RowCall, rows []int32) {
		in := c.Args[0]
		for _, row := range rows {
			re, err := s.of(&c.Args[1], row)
			if err != nil {
				c.Fail(row, err)
				continue
			}
			record.SetBit(c.Bits, int(row), re.Match(in.Text(row)))
		}
	}
}

func likeNeverFails(p *kernel.Preparation, _ *regexp.Regexp) bool {
	p.Fails = false
	return true
}

// regexpExtract gives the leftmost match or a group of it, NULL where there is none.
func regexpExtract(s *patternSource) kernel.RowLoop {
	return func(c *kernel.RowCall, rows []int32) {
		in := c.Args[0]
		for _, row := range rows {
			re, err := s.of(&c.Args[1], row)
			group := int64(0)
			if len(c.Args) == 3 {
				group = c.Args[2].Int(row)
			}
			if err == nil {
				err = checkGroup(re, group)
			}
			if err != nil {
				c.Fail(row, err)
				continue
			}
			c.PutFound(row, matchOf(re, in.Text(row), int(group)))
		}
	}
}

// matchOf returns a group of the leftmost match, or nil. Group 0, the whole
// match, is found without memory of its own.
func matchOf(re *regexp.Regexp, text []byte, group int) []byte {
	if text == nil {
		text = []byte{} // so that what is found in it is not nil
	}
	if group == 0 {
		return re.Find(text)
	}
	at := re.FindSubmatchIndex(text)
	if at == nil || at[2*group] < 0 {
		return nil
	}
	return text[at[2*group]:at[2*group+1]]
}

func checkGroup(re *regexp.Regexp, group int64) error {
	switch n := re.NumSubexp(); {
	case group >= 0 && group <= int64(n):
		return nil
	case n == 0:
		return fmt.Errorf("the pattern has no group %d, only 0, the whole match; groups are written in parentheses", group)
	default:
		return fmt.Errorf("the pattern has no group %d; it has 0, the whole match, to %d", group, n)
	}
}

// extractNeverFails checks a constant group against a constant pattern.
func extractNeverFails(p *kernel.Preparation, re *regexp.Regexp) bool {
	group := int64(0)
	if p.Count() == 3 {
		v, ok := p.Constant(2)
		if !ok {
			return true
		}
		group = v.Int
	}
	if err := checkGroup(re, group); err != nil {
		p.Wrong(p.Count()-1, "%v", err)
		return false
	}
	p.Fails = false
	return true
}
