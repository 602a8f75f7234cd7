package jobtest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/stream"
)

// damage is what somebody, or a disk, has done to files while no process ran. A
// process that comes upon it has to refuse, and name one of them, or to go on as
// if nothing had happened: never may a row be wrong, or be there twice.
type damage struct {
	kind  damageKind
	files []spoiledFile
	// overtaken are manifests that were gone already, of slots that counted for nothing as
	// long as the end of the log stood behind them.
	overtaken []string
}

type damageKind string

const (
	toStaged  damageKind = "staged files are spoiled"
	toVisible damageKind = "visible files are spoiled"
	toEnd     damageKind = "the end of the log is lost"
	toCopies  damageKind = "slots have lost a copy"
	byStrays  damageKind = "files stand among the slots"
)

// spoiledFile is a file before and after; nil is no file.
type spoiledFile struct {
	name    string
	was, is []byte
}

func (d *damage) String() string {
	if d == nil {
		return "no damage"
	}
	text := string(d.kind) + ":"
	for _, f := range d.files {
		text += fmt.Sprintf(" %s (%d bytes, were %d)", f.name, len(f.is), len(f.was))
	}
	return text
}

// spoil does damage of some kind, if there is anything to damage.
func (m *machine) spoil() error {
	kinds := []damageKind{toStaged, toVisible, toEnd, toCopies, byStrays}
	m.random.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	if m.random.IntN(2) == 0 { // there are few moments with files to spoil
		kinds = append([]damageKind{toStaged, toVisible}, kinds...)
	}
	for _, kind := range kinds {
		if m.damage = m.draw(kind); len(m.damage.files) > 0 {
			break
		}
	}
	return m.atOnce(func(f spoiledFile) error { return m.set(f.name, f.is) })
}

func (m *machine) draw(kind damageKind) *damage {
	d := &damage{kind: kind}
	switch kind {
	case toStaged:
		m.each(d, func(name string) bool { return strings.Contains(name, "/.weir/") && !strings.Contains(name, "/shown-") })
	case toVisible:
		m.each(d, func(name string) bool {
			return strings.HasPrefix(path.Base(name), "part-") && !strings.HasPrefix(name, "in/")
		})
	case toEnd:
		m.loseEnd(d)
	case toCopies:
		m.loseCopies(d)
	case byStrays:
		m.addStrays(d)
	}
	return d
}

// atOnce does something to each file of the damage. Nothing comes in between.
func (m *machine) atOnce(do func(spoiledFile) error) error {
	m.files.Inject(nil)
	defer m.files.Inject(m.operation)
	var errs []error
	for _, f := range m.damage.files {
		errs = append(errs, do(f))
	}
	return errors.Join(errs...)
}

// overcome puts back what a job that has gone on need not have noticed: what is
// visible belongs to whoever reads it, and what is no slot lies about.
func (m *machine) overcome() error {
	if m.damage != nil && (m.damage.kind == toVisible || m.damage.kind == byStrays) {
		return m.repair()
	}
	m.damage = nil
	return nil
}

// repair puts back what is still as the damage left it, as from a backup.
func (m *machine) repair() error {
	err := m.atOnce(func(f spoiledFile) error {
		if !bytes.Equal(m.get(f.name), f.is) {
			return nil
		}
		return m.set(f.name, f.was)
	})
	m.damage = nil
	return err
}

// accountsFor reports whether an error tells of the damage, by the name of a file.
func (d *damage) accountsFor(err error) bool {
	if d == nil || d.kind == toCopies || !errors.Is(err, stream.ErrDamaged) {
		return false
	}
	if d.kind == toEnd && strings.Contains(err.Error(), "but of what was decided there is manifests/") {
		return true // the slot that it names is the first that may be missing
	}
	if slices.ContainsFunc(d.overtaken, func(manifest string) bool { return strings.Contains(err.Error(), manifest) }) {
		return true
	}
	return slices.ContainsFunc(d.files, func(f spoiledFile) bool {
		return strings.Contains(err.Error(), strings.TrimSuffix(path.Base(f.name), ".copy"))
	})
}

// set gives a file content, durably; nil takes the file away.
func (m *machine) set(name string, content []byte) error {
	err := m.files.Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err == nil && content != nil {
		err = env.WriteFile(m.files, name, content)
	}
	if err == nil {
		err = m.files.SyncDir(path.Dir(name))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil // its folder is gone
	}
	return err
}

// get returns the content of a file; nil where there is none.
func (m *machine) get(name string) []byte {
	content, err := env.ReadFile(m.files, name)
	if err != nil {
		return nil
	}
	return content
}

// each spoils two in three of the files that a function picks.
func (m *machine) each(d *damage, picks func(name string) bool) {
	for _, name := range m.below(".") {
		if picks(name) && m.random.IntN(3) > 0 {
			was := m.get(name)
			d.files = append(d.files, spoiledFile{name, was, m.spoiled(was)})
		}
	}
}

// below returns the files in a folder and its folders.
func (m *machine) below(dir string) (files []string) {
	names, _ := m.files.ReadDir(dir)
	for _, n := range names {
		if name := path.Join(dir, n); strings.HasSuffix(n, "/") {
			files = append(files, m.below(name)...)
		} else {
			files = append(files, name)
		}
	}
	return files
}

// spoiled draws what a file may have become: gone, cut off, grown, or mostly, as it
// is the hardest to see, with a bit flipped.
func (m *machine) spoiled(content []byte) []byte {
	at := m.random.IntN(len(content) + 1)
	switch m.random.IntN(6) {
	case 0:
		return nil
	case 1:
		return append([]byte{}, content[:at]...)
	case 2:
		return append(bytes.Clone(content), 'x')
	}
	content = append([]byte{}, content...)
	if at < len(content) {
		content[at] ^= 1 << m.random.IntN(8)
	}
	return content
}
