package document

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
)

// substitute replaces variables in all scalars below n; keys stay as they are,
// and no variable can add structure.
func (d *Document) substitute(n *Node) {
	for _, item := range n.Items {
		d.substitute(item)
	}
	for _, e := range n.Entries {
		d.substitute(e.Value)
	}
	if n.Kind != Scalar || !strings.Contains(n.Text, "${") {
		return
	}
	n.style = unknown
	text, secret, err := d.expand(n.origin, n.Text)
	if err != nil {
		d.problem(n.At(), "%v", err)
		return
	}
	if secret {
		n.written = n.Text
		d.Secrets.cover(text)
	}
	n.Text = text
}

// expand replaces ${NAME}, ${NAME:default} and ${file:path}; ${{NAME}} stands
// for a literal ${NAME}. secret says that a file's content is in the result.
func (d *Document) expand(from *origin, text string) (expanded string, secret bool, err error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String(), secret, nil
		}
		if strings.HasPrefix(rest, "{") {
			literal, after, closed := strings.Cut(rest[1:], "}}")
			if !closed {
				return "", false, fmt.Errorf("%q has no closing }}", "${"+rest)
			}
			b.WriteString("${" + literal + "}")
			text = after
			continue
		}
		inner, after, closed := strings.Cut(rest, "}")
		if !closed {
			return "", false, fmt.Errorf("%q has no closing }; a literal ${NAME} is written ${{NAME}}", "${"+rest)
		}
		value, isSecret, err := d.lookup(from, inner)
		if err != nil {
			return "", false, err
		}
		secret = secret || isSecret
		b.WriteString(value)
		text = after
	}
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (d *Document) lookup(from *origin, inner string) (value string, secret bool, err error) {
	name, fallback, hasFallback := strings.Cut(inner, ":")
	if name == "file" && hasFallback {
		value, err = d.readSecret(from, fallback)
		return value, true, err
	}
	if !variableName.MatchString(name) {
		return "", false, fmt.Errorf("%q is not the name of a variable; a literal ${NAME} is written ${{NAME}}", name)
	}
	if d.options.Variables != nil {
		if value, ok := d.options.Variables(name); ok {
			return value, false, nil
		}
	}
	if !hasFallback {
		return "", false, fmt.Errorf("the variable %s is not set; set it, or write ${%s:default}", name, name)
	}
	return fallback, false, nil
}

// readSecret returns the content of a file without its last line break.
func (d *Document) readSecret(from *origin, name string) (string, error) {
	if strings.TrimSpace(name) == "" {
		return "", errors.New("${file:} names no file")
	}
	if !path.IsAbs(name) {
		name = path.Join(from.dir, name)
	}
	content, err := readLimited(d.options.Files, name)
	if err != nil {
		return "", fmt.Errorf("${file:%s} %w", name, err)
	}
	if len(content) > MaxBytes {
		return "", fmt.Errorf("${file:%s} has more than %d bytes, which is more than any value needs", name, MaxBytes)
	}
	secret := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
	if err := d.Secrets.add(secret); err != nil {
		return "", fmt.Errorf("${file:%s} %w", name, err)
	}
	return secret, nil
}
