package jobtest

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// This file is the damage that can be done to the log of slots.

const slotsFolder = "state/slots"

// slots returns the files of slots, those of the last slot first.
func (m *machine) slots() (names []string) {
	all, _ := m.files.ReadDir(slotsFolder)
	for _, n := range slices.Backward(all) {
		names = append(names, path.Join(slotsFolder, n))
	}
	return names
}

// loseEnd takes the last slots away, both copies of each: one, some or all.
func (m *machine) loseEnd(d *damage) {
	names := m.slots()
	if len(names) == 0 {
		return
	}
	least := strings.TrimSuffix(names[some(m.random, len(names))-1], ".copy")
	for _, name := range names {
		if name >= least {
			d.files = append(d.files, spoiledFile{name: name, was: m.get(name)})
		} else if manifest := manifestName.Find(m.get(name)); manifest != nil && m.get("state/"+string(manifest)) == nil {
			d.overtaken = append(d.overtaken, string(manifest))
		}
	}
}

// manifestName is the manifest that a slot names.
var manifestName = regexp.MustCompile(`manifests/g\d+-c\d+`)

// loseCopies takes one copy of some slots away.
func (m *machine) loseCopies(d *damage) {
	for _, name := range m.slots() {
		first, isCopy := strings.CutSuffix(name, ".copy")
		if !isCopy || m.get(first) == nil || m.random.IntN(2) == 0 {
			continue
		}
		if m.random.IntN(2) == 0 {
			name = first
		}
		d.files = append(d.files, spoiledFile{name: name, was: m.get(name)})
	}
}

// addStrays puts files among the slots: right behind them, at some distance, or
// under names that no slot has.
func (m *machine) addStrays(d *damage) {
	names := m.slots()
	if len(names) == 0 {
		return
	}
	var last uint64
	fmt.Sscan(strings.TrimLeft(path.Base(names[0]), "0"), &last)
	numbers := []uint64{last + 1, last + 2, last + 5, last + 1000, 1_000_000, 1 << 40, 1 << 62, 1 << 63, 1<<64 - 1}
	forms := []string{"%020d", "%020d", "%020d.copy", "%d", "%021d"}
	for range 1 + m.random.IntN(3) {
		form, number := forms[m.random.IntN(len(forms))], numbers[m.random.IntN(len(numbers))]
		content := []byte("nonsense")[:m.random.IntN(9)]
		if m.random.IntN(2) == 0 {
			content = m.get(names[0])
		}
		d.files = append(d.files, spoiledFile{name: path.Join(slotsFolder, fmt.Sprintf(form, number)), is: content})
	}
}
