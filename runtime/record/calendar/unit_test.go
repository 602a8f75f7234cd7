package calendar

import "testing"

func TestUnitNamed(t *testing.T) {
	for name, want := range map[string]Unit{
		"hour": {"hour", MicrosPerHour, 0}, "HOURS": {"hour", MicrosPerHour, 0}, "Weeks": {"week", 7 * MicrosPerDay, 0},
		"quarter":   {"quarter", 0, 3},
		"fortnight": {}, "": {}, "hourss": {},
	} {
		if u, ok := UnitNamed(name); u != want || ok != (want != Unit{}) {
			t.Errorf("%q is %v, %v", name, u, ok)
		}
	}
	for _, name := range UnitNames() {
		if u, ok := UnitNamed(name); !ok || u.Name != name || (u.Micros == 0) == (u.Months == 0) {
			t.Errorf("%q is %v, %v", name, u, ok)
		}
	}
}
