package cli

import "testing"

func TestSize(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "1000": 1000, "12B": 12, "500k": 500_000, "500kB": 500_000, "20M": 20_000_000, "1G": 1e9, "4KiB": 4096, "2Mi": 2 << 20, "1gi": 1 << 30,
		"": -1, "k": -1, "-1": -1, "1.5M": -1, "9999999999G": -1, "ten": -1, "1T": -1,
	} {
		var s size
		err := s.Set(text)
		if (err != nil) != (want < 0) || want >= 0 && int64(s) != want {
			t.Errorf("%q: %d, %v", text, s, err)
		}
	}
	var m megabytes
	if err := m.Set("5"); err != nil || m != 5e6 {
		t.Errorf("5 megabytes: %d, %v", m, err)
	}
}
